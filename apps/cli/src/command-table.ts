import type { AnyCommand } from './command.js'

interface Entry {
  readonly summary: string
  readonly load: () => Promise<AnyCommand>
}

/** Every command, in the order of the help. Only the one that is called is loaded. */
export const COMMANDS: Readonly<Record<string, Entry>> = {
  init: {
    summary: 'Write a small starting project',
    load: async () => (await import('./commands/init.js')).init,
  },
  dev: {
    summary: 'Run everything for development, with a Redis of its own',
    load: async () => (await import('./commands/dev.js')).dev,
  },
  worker: {
    summary: 'Run the handlers of the app module until stopped',
    load: async () => (await import('./commands/worker.js')).worker,
  },
  dispatcher: {
    summary: 'Run a candidate for the dispatcher on its own',
    load: async () => (await import('./commands/dispatcher.js')).dispatcher,
  },
  dashboard: {
    summary: 'Serve the dashboard',
    load: async () => (await import('./commands/dashboard.js')).dashboard,
  },
  enqueue: {
    summary: 'Put a job on its queue',
    load: async () => (await import('./commands/enqueue.js')).enqueue,
  },
  stats: { summary: 'Show the app in a few figures', load: async () => (await import('./commands/stats.js')).stats },
  queues: {
    summary: 'List the queues with their depths',
    load: async () => (await import('./commands/queues.js')).queues,
  },
  jobs: { summary: 'List jobs in one state', load: async () => (await import('./commands/jobs.js')).jobs },
  job: { summary: 'Show one job with its history', load: async () => (await import('./commands/job.js')).job },
  workers: { summary: 'List the workers', load: async () => (await import('./commands/workers.js')).workers },
  schedules: {
    summary: 'List, add, pause, resume, run, remove or preview schedules',
    load: async () => (await import('./commands/schedules.js')).schedules,
  },
  leader: { summary: 'Show which dispatcher leads', load: async () => (await import('./commands/leader.js')).leader },
  retry: {
    summary: 'Put a failed job back, or all of them',
    load: async () => (await import('./commands/retry.js')).retry,
  },
  cancel: { summary: 'Cancel a job', load: async () => (await import('./commands/cancel.js')).cancel },
  discard: {
    summary: 'Remove a failed job for good',
    load: async () => (await import('./commands/discard.js')).discard,
  },
  promote: {
    summary: 'Make a delayed job ready now',
    load: async () => (await import('./commands/promote.js')).promote,
  },
  pause: { summary: 'Hand out nothing more of a queue', load: async () => (await import('./commands/pause.js')).pause },
  resume: { summary: 'Take a pause back', load: async () => (await import('./commands/resume.js')).resume },
  purge: {
    summary: 'Cancel every job that waits in a queue',
    load: async () => (await import('./commands/purge.js')).purge,
  },
  quiet: { summary: 'Let workers take no new jobs', load: async () => (await import('./commands/quiet.js')).quiet },
  unquiet: {
    summary: 'Let quiet workers take jobs again',
    load: async () => (await import('./commands/unquiet.js')).unquiet,
  },
  resize: {
    summary: 'Let workers run more or fewer handlers at once',
    load: async () => (await import('./commands/resize.js')).resize,
  },
  stop: { summary: 'Let workers drain and end', load: async () => (await import('./commands/stop.js')).stop },
  ping: { summary: 'Ask the workers for a sign of life', load: async () => (await import('./commands/ping.js')).ping },
  fsck: {
    summary: 'Check that nothing in the store is lost or left behind, and mend it',
    load: async () => (await import('./commands/fsck.js')).fsck,
  },
  doctor: {
    summary: 'Check the set-up and say what to fix',
    load: async () => (await import('./commands/doctor.js')).doctor,
  },
  completion: {
    summary: 'Print the completion script of a shell',
    load: async () => (await import('./commands/completion.js')).completion,
  },
}
