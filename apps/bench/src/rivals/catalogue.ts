import { celeryInstalled } from './celery/celery-installed.js'
import { installedPackage } from './installed.js'
import type { RivalEntry } from './rival-entry.js'

export const MILLRACE = 'millrace'

const NO_CHORDS = 'it has no chords'
const ON_POSTGRES = {
  'drain-1-worker-results': 'not driven: PostgreSQL keeps what the other drains keep already',
  'latency-half-load': 'it takes fewer single calls per second than the scenario sends',
  'memory-waiting': 'its jobs are on disk',
  'memory-delayed': 'its jobs are on disk',
  'chord-10000': NO_CHORDS,
  'hundred-queues': 'not driven',
  'aof-bulk': 'PostgreSQL writes to disk in every scenario',
  'aof-drain': 'PostgreSQL writes to disk in every scenario',
}

const ENTRIES: readonly RivalEntry[] = [
  {
    name: MILLRACE,
    store: 'redis',
    installed: () => installedPackage('millrace'),
    load: async () => (await import('./millrace/millrace-rival.js')).millraceRival,
  },
  {
    name: 'bullmq',
    store: 'redis',
    installed: () => installedPackage('bullmq'),
    load: async () => (await import('./bullmq/bullmq-rival.js')).bullmqRival,
  },
  {
    name: 'bee-queue',
    store: 'redis',
    installed: () => installedPackage('bee-queue'),
    skips: { 'chord-10000': NO_CHORDS, 'drain-1-worker-results': 'it stores no results' },
    load: async () => (await import('./bee-queue/bee-queue-rival.js')).beeQueueRival,
  },
  {
    name: 'groupmq',
    store: 'redis',
    installed: () => installedPackage('groupmq'),
    skips: { 'chord-10000': NO_CHORDS },
    noResults: 'it gives producers no results',
    // It promotes 32 delayed jobs per 1.5 s.
    atMost: { 'due-at-once': 200 },
    load: async () => (await import('./groupmq/groupmq-rival.js')).groupmqRival,
  },
  {
    name: 'graphile-worker',
    store: 'postgres',
    installed: () => installedPackage('graphile-worker'),
    skips: ON_POSTGRES,
    noResults: 'it gives producers no results',
    atMost: { 'enqueue-100-in-flight': 10_000, 'enqueue-awaited': 3_000, 'latency-idle': 1_000 },
    load: async () => (await import('./graphile-worker/graphile-worker-rival.js')).graphileWorkerRival,
  },
  {
    name: 'pg-boss',
    store: 'postgres',
    installed: () => installedPackage('pg-boss'),
    skips: ON_POSTGRES,
    noResults: 'it tells producers no end of a job',
    atMost: { 'enqueue-100-in-flight': 10_000, 'enqueue-awaited': 3_000, 'latency-idle': 500 },
    load: async () => (await import('./pg-boss/pg-boss-rival.js')).pgBossRival,
  },
  {
    name: 'celery',
    store: 'redis',
    installed: celeryInstalled,
    skips: {
      'latency-half-load': 'it takes fewer single calls per second than the scenario sends',
      'memory-delayed': 'what is due later waits in its workers',
      'hundred-queues': 'not driven',
    },
    atMost: {
      'bulk-enqueue': 10_000,
      'enqueue-100-in-flight': 10_000,
      'drain-1-worker': 10_000,
      'drain-2-workers': 10_000,
      'drain-1-worker-results': 10_000,
      'latency-idle': 1_000,
      'memory-waiting': 10_000,
      'due-at-once': 10_000,
      'fail-once': 3_000,
      'aof-bulk': 10_000,
      'aof-drain': 10_000,
    },
    load: async () => (await import('./celery/celery-rival.js')).celeryRival,
  },
]

export function rivalNames(): string[] {
  return ENTRIES.map(({ name }) => name).filter((name) => name !== MILLRACE)
}

/** Throws `Error` for a name that nobody has. */
export function rivalEntry(name: string): RivalEntry {
  const entry = ENTRIES.find((one) => one.name === name)
  if (entry === undefined) throw new Error(`no rival ${JSON.stringify(name)}: there are ${rivalNames().join(', ')}`)
  return entry
}
