import { type Duration, InvalidOptionError, parseDuration } from '@millrace/core'
import { Worker, type WorkerOptions, type WorkerStatus } from '@millrace/worker'
import type { App } from '../app.js'
import { warnUnregistered } from '../decorators/warn-unregistered.js'
import { storeCodeSchedules } from '../schedules/store-code-schedules.js'
import { type AppDispatcher, makeDispatcher } from './create-dispatcher.js'

export interface AppWorkerOptions extends WorkerOptions {
  /** Whether this process also carries a candidate for the dispatcher. Default true. Without any, what waits for its time waits. */
  readonly dispatcher?: boolean
}

/** A worker with the dispatcher that it carries. */
export interface AppWorker extends AsyncDisposable {
  readonly id: string
  /** The candidate beside it; absent with `dispatcher: false`. */
  readonly dispatcher: AppDispatcher | undefined
  /** Resolves once jobs are taken from every queue and the code's schedules are stored. Rejects as `Worker.start` does. */
  start(): Promise<void>
  /** Finishes what runs within `grace`, puts back the rest, leaves. A second call meanwhile puts back at once. */
  stop(options?: { readonly grace?: Duration }): Promise<void>
  /** Resolves when it has stopped, by `stop()` or a signal; at once when it was not started. */
  stopped(): Promise<void>
  status(): WorkerStatus
  /** To be called with an error that escaped from everything (`uncaughtException`): logs it and stops. */
  onFatal(error: unknown): Promise<void>
}

/** Makes a worker of an app. Start it with `start()`. Throws `InvalidOptionError`, `InvalidNameError`. */
export function createWorker(app: App, options: AppWorkerOptions = {}): AppWorker {
  const { dispatcher: carries = true, ...workerOptions } = options
  if (typeof carries !== 'boolean') {
    throw new InvalidOptionError({ option: 'dispatcher', found: carries, expected: 'true or false' })
  }
  const worker = new Worker(app, workerOptions)
  const dispatcher = carries
    ? makeDispatcher(app, { candidate: worker.id, ttl: ttlFor(options.lease) }, false)
    : undefined
  /** The candidate lives as long as the worker, however that ends: its lock must be free for others before the process is gone. */
  let ended: Promise<void> = Promise.resolve()

  let storing = new AbortController()

  const stop = async (given?: { readonly grace?: Duration }) => {
    storing.abort()
    // Both at once: another candidate can lead while this worker drains.
    await Promise.all([worker.stop(given), dispatcher?.stop()])
    await ended
  }
  return {
    id: worker.id,
    dispatcher,
    async start() {
      warnUnregistered(app.logger)
      await dispatcher?.start()
      await worker.start().catch(async (error: unknown) => {
        await dispatcher?.stop()
        throw error
      })
      storing = new AbortController()
      ended = worker.stopped().then(() => {
        storing.abort()
        return dispatcher?.stop()
      })
      await storeCodeSchedules(app, storing.signal).catch(async (error: unknown) => {
        await stop()
        throw error
      })
    },
    stop,
    stopped: () => ended,
    status: () => worker.status(),
    onFatal: (error) => worker.onFatal(error),
    [Symbol.asyncDispose]: () => stop(),
  }
}

const DEFAULT_TTL_MS = 8_000

/** Who asks for short leases wants dead workers noticed soon, also when the leader dies with them: its term must end first. */
function ttlFor(lease: Duration = '10s'): number {
  return Math.max(1_000, Math.min(DEFAULT_TTL_MS, parseDuration(lease, 'lease') * 0.8))
}
