import { BrokerUnavailableError, closestName, type Duration } from '@millrace/core'
import type { App } from 'millrace'
import { CliError } from '../cli-error.js'
import { defineCommand } from '../command.js'
import { humanFacing } from '../human-facing.js'
import { parseQueues } from '../parse-queues.js'
import { untilStopped } from '../until-stopped.js'

export const worker = defineCommand({
  usage: 'worker',
  summary: 'Run the handlers of the app module until stopped',
  options: {
    queues: {
      type: 'string',
      requiresArg: true,
      describe: "Which to serve, with weights: 'mail:3,default:1'. Default: all that the tasks use",
    },
    strict: { type: 'boolean', describe: 'A later queue only while the earlier ones are empty' },
    concurrency: { type: 'number', requiresArg: true, describe: 'Handlers that run at once. Default: 100' },
    lease: { type: 'string', requiresArg: true, describe: "How long jobs stay with a silent worker. Default: '10s'" },
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
    const queues = args.queues === undefined ? undefined : parseQueues(args.queues)
    for (const queue of queues === undefined ? [] : Object.keys(queues)) warnOfEmptyQueue(app, queue)

    const { createWorker } = await import('millrace/worker')
    const runner = createWorker(app, {
      dispatcher: args.dispatcher,
      ...(queues !== undefined && { queues }),
      ...(args.strict !== undefined && { strict: args.strict }),
      ...(args.concurrency !== undefined && { concurrency: args.concurrency }),
      ...(args.lease !== undefined && { lease: args.lease as Duration }),
      ...(args.grace !== undefined && { grace: args.grace as Duration }),
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

/** How many tasks have handlers. Throws `CliError` for none. */
function checkHandlers(app: App, module: string): number {
  const names = app.registry.names()
  const handled = names.filter((name) => app.registry.handler(name) !== undefined).length
  if (handled > 0) return handled
  throw new CliError(
    names.length === 0
      ? `${module} defines no task: add one with app.task('math.add', { … }, handler).`
      : `${module} has no task with a handler (${names.slice(0, 3).join(', ')}${names.length > 3 ? ', …' : ''}): name the module that calls .handle() with --app, and export the app from it.`,
  )
}

/** Allowed: jobs of a task may still wait in a queue that it used before. */
function warnOfEmptyQueue(app: App, queue: string): void {
  const known = app.registry.queues()
  if (known.includes(queue)) return
  const meant = closestName(queue, known)
  app.logger.warn({ queue }, `no task uses queue ${queue}${meant === undefined ? '' : `, did you mean ${meant}?`}`)
}
