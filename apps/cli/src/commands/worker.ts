import { BrokerUnavailableError } from '@millrace/core'
import type { App } from 'millrace'
import { UsageError } from '../cli-error.js'
import { defineCommand } from '../command.js'
import type { GlobalArguments } from '../global-options.js'
import { HEALTH_OPTION, startHealth } from '../health/health-option.js'
import { humanFacing } from '../human-facing.js'
import { type Running, untilStopped } from '../until-stopped.js'
import { followCondition, isReady, NOT_STARTED, type WorkerCondition } from '../worker-condition.js'
import { checkHandlers, WORKER_OPTIONS, type WorkerFlags, warnOfEmptyQueues, workerOptions } from '../worker-options.js'

const MAX_PROCESSES = 128

export const worker = defineCommand({
  usage: 'worker',
  summary: 'Run the handlers of the app module until stopped',
  options: {
    ...WORKER_OPTIONS,
    grace: { type: 'string', requiresArg: true, describe: "What running handlers get to finish. Default: '30s'" },
    processes: {
      type: 'number',
      requiresArg: true,
      default: 1,
      describe: 'So many processes, each with --concurrency; one that dies is replaced',
    },
    dispatcher: {
      type: 'boolean',
      default: true,
      describe: 'Carry a candidate for the dispatcher (--no-dispatcher: do not)',
    },
    ...HEALTH_OPTION,
  },
  examples: [
    ['worker', 'serves every queue of ./tasks.ts'],
    ['worker --app src/worker.ts --concurrency 20', 'another module, fewer handlers at once'],
    ['worker --queues critical,mail --strict', 'mail only while critical is empty'],
    ['worker --queues mail:3,default:1 --processes 2', 'mail gets three times the slots; two processes'],
    ['worker --grace 2m --health-port 8080', 'for a cluster that probes and drains'],
  ],
  async run(args, session) {
    const { processes, 'health-port': healthPort, dispatcher } = args
    if (!Number.isInteger(processes) || processes < 1 || processes > MAX_PROCESSES) {
      throw new UsageError(`Invalid option --processes: expected a whole number from 1 to ${MAX_PROCESSES}.`)
    }
    const app = humanFacing(await session.loadedApp(), args.debug === true)
    session.checkShared(app)
    const module = session.findModule()?.shown ?? 'the app module'
    const handled = checkHandlers(app, module)
    warnOfEmptyQueues(app, args)
    const { queues, strict, concurrency, lease, grace } = args
    const flags = { queues, strict, concurrency, lease, grace }
    const make = processes === 1 ? oneProcess : severalProcesses
    const running = await make({ app, flags, args, dispatcher, size: processes, startTimeoutMs: session.timeoutMs })
    const health = await startHealth(healthPort, app.logger, () => {
      const workers = running.conditions()
      return { ready: workers.every(isReady), workers }
    })
    app.logger.info({ app: app.name, tasks: handled }, `${module} is loaded`)
    try {
      return await untilStopped(running)
    } finally {
      await health?.close()
    }
  },
})

interface WorkerRunSetup {
  readonly app: App
  readonly flags: WorkerFlags
  readonly args: GlobalArguments
  readonly dispatcher: boolean
  readonly size: number
  readonly startTimeoutMs: number | undefined
}

interface WorkerRunning extends Running {
  conditions(): readonly WorkerCondition[]
}

async function oneProcess({ app, flags, dispatcher, startTimeoutMs }: WorkerRunSetup): Promise<WorkerRunning> {
  const { createWorker } = await import('millrace/worker')
  let condition = NOT_STARTED
  const runner = createWorker(app, {
    dispatcher,
    ...workerOptions(flags),
    ...(startTimeoutMs !== undefined && { startTimeout: startTimeoutMs }),
    onEvent: followCondition((now) => {
      condition = now
    }),
  })
  return {
    logger: app.logger,
    conditions: () => [condition],
    start: () => runner.start().catch((error: unknown) => Promise.reject(withAddress(error, app))),
    stop: () => runner.stop(),
    stopped: () => runner.stopped(),
    onFatal: async (error) => {
      await runner.onFatal(error)
      await runner.stop()
    },
  }
}

/**
 * The one candidate of all processes is here, where no handler can block or end it. Each process keeps its own leases:
 * that one of them dies costs the others nothing.
 */
async function severalProcesses({ app, flags, args, dispatcher, size }: WorkerRunSetup): Promise<WorkerRunning> {
  workerOptions(flags)
  const [{ createDispatcher }, { WorkerTeam }, { WorkerProcess }] = await Promise.all([
    import('millrace/worker'),
    import('../worker-process/worker-team.js'),
    import('../worker-process/worker-process.js'),
  ])
  const { app: module, name, prefix, broker, timeout, debug } = args
  const own = { app: module, name, prefix, broker, timeout, debug, json: undefined }
  const fork = () => new WorkerProcess({ args: own, worker: flags, dev: false })
  const team = new WorkerTeam({ size, logger: app.logger, fork })
  const candidate = dispatcher ? createDispatcher(app) : undefined
  const stop = async () => {
    await Promise.all([team.stop(), candidate?.stop()])
  }
  return {
    logger: app.logger,
    conditions: () => team.conditions,
    start: async () => {
      await team.start()
      await candidate?.start()
    },
    stop,
    stopped: () => team.stopped().catch((error: unknown) => stop().then(() => Promise.reject(error))),
    onFatal: async (error) => {
      app.logger.fatal({ err: error }, 'an error escaped: the workers stop')
      await stop()
    },
  }
}

/** The worker itself does not know where its broker should be. */
function withAddress(error: unknown, app: App): unknown {
  const target = app.brokerTarget()
  if (!(error instanceof BrokerUnavailableError) || typeof target !== 'string') return error
  return new BrokerUnavailableError({ what: 'the worker could not start in time', address: target })
}
