import { BrokerUnavailableError } from '@millrace/core'
import type { App } from 'millrace'
import { defineCommand } from '../command.js'
import { humanFacing } from '../human-facing.js'
import { untilStopped } from '../until-stopped.js'
import { checkHandlers, WORKER_OPTIONS, warnOfEmptyQueues, workerOptions } from '../worker-options.js'

export const worker = defineCommand({
  usage: 'worker',
  summary: 'Run the handlers of the app module until stopped',
  options: {
    ...WORKER_OPTIONS,
    grace: { type: 'string', requiresArg: true, describe: "What running handlers get to finish. Default: '30s'" },
    dispatcher: {
      type: 'boolean',
      default: true,
      describe: 'Carry a candidate for the dispatcher (--no-dispatcher: do not)',
    },
  },
  examples: [
    ['worker', 'serves every queue of ./tasks.ts'],
    ['worker --app src/worker.ts --concurrency 20', 'another module, fewer handlers at once'],
    ['worker --queues critical,mail --strict', 'mail only while critical is empty'],
  ],
  async run(args, session) {
    const app = humanFacing(await session.loadedApp(), args.debug === true)
    session.checkShared(app)
    const module = session.findModule()?.shown ?? 'the app module'
    const handled = checkHandlers(app, module)
    warnOfEmptyQueues(app, args)

    const { createWorker } = await import('millrace/worker')
    const runner = createWorker(app, {
      dispatcher: args.dispatcher,
      ...workerOptions(args),
      ...(session.timeoutMs !== undefined && { startTimeout: session.timeoutMs }),
    })
    app.logger.info({ app: app.name, tasks: handled }, `${module} is loaded`)
    return untilStopped({
      logger: app.logger,
      start: () => runner.start().catch((error: unknown) => Promise.reject(withAddress(error, app))),
      stop: () => runner.stop(),
      stopped: () => runner.stopped(),
      onFatal: async (error) => {
        await runner.onFatal(error)
        await runner.stop()
      },
    })
  },
})

/** The worker itself does not know where its broker should be. */
function withAddress(error: unknown, app: App): unknown {
  const target = app.brokerTarget()
  if (!(error instanceof BrokerUnavailableError) || typeof target !== 'string') return error
  return new BrokerUnavailableError({ what: 'the worker could not start in time', address: target })
}
