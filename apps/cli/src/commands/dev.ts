import { noAppModule } from '../app-module/find-app-module.js'
import { defineCommand } from '../command.js'
import { untilStopped } from '../until-stopped.js'
import { WORKER_OPTIONS, workerOptions } from '../worker-options.js'

/** Shorter than a worker's own: who edits code wants to see it run. What is put back runs again, uncounted. */
const GRACE = '10s'

export const dev = defineCommand({
  usage: 'dev',
  summary: 'Run worker, dispatcher and dashboard for development: brings a Redis along, follows changes of the code',
  options: {
    queues: WORKER_OPTIONS.queues,
    concurrency: WORKER_OPTIONS.concurrency,
    grace: {
      type: 'string',
      requiresArg: true,
      default: GRACE,
      describe: 'What running handlers get to finish at a change; then they are put back',
    },
    port: {
      type: 'number',
      requiresArg: true,
      default: 4747,
      describe: "The dashboard's port; where it is taken, a free one",
    },
  },
  examples: [
    ['dev', 'runs ./tasks.ts; other terminals in this folder find its Redis'],
    ['dev --app src/worker.ts', 'another module'],
  ],
  async run(args, session) {
    const module = session.findModule()
    if (module === undefined) throw noAppModule(process.cwd())
    const { queues, concurrency, grace, port, app, name, prefix, debug } = args
    const worker = { queues, concurrency, grace }
    workerOptions(worker)
    const { DevRun } = await import('../dev/dev-run.js')
    const run = new DevRun({
      args: { app, name, prefix, debug, broker: undefined, json: undefined, timeout: undefined },
      worker,
      module: module.shown,
      file: module.file,
      port,
    })
    return untilStopped({
      logger: run.logger,
      start: () => run.start(),
      stop: () => run.stop(),
      stopped: () => run.stopped(),
      onFatal: async (error) => {
        run.logger.fatal({ err: error }, 'an error escaped: dev stops')
        await run.stop()
      },
    })
  },
})
