import { hostname } from 'node:os'
import type { Coordinator } from '@millrace/coordination'
import { checkOptions, type Duration, InvalidOptionError, parseDuration } from '@millrace/core'
import { Dispatcher, type DispatcherStatus } from '@millrace/dispatcher'
import type { App } from '../app.js'
import { openCoordinator } from '../coordination/open-coordinator.js'
import { storeCodeSchedules } from '../schedules/store-code-schedules.js'
import { tellCrashes } from './tell-crashes.js'

const MIN_TTL_MS = 1_000

export interface AppDispatcherOptions {
  /** Names this candidate in logs and monitors. Default: host, process and a random part. */
  readonly candidate?: string
  /** Shared with others, and then not closed by `stop()`. Default: the app's own (`MILLRACE_COORDINATOR`, else the broker's Redis). */
  readonly coordinator?: Coordinator
  /** How long a term outlives a leader that died. Default '8s'; shorter costs more renewals and forgives shorter pauses. At least '1s'. */
  readonly ttl?: Duration
}

/** A candidate that campaigns while it is started. */
export interface AppDispatcher extends AsyncDisposable {
  /** Begins to campaign; resolves at once when it already does. Rejects with `InvalidOptionError`. */
  start(): Promise<void>
  /** Ends its term, if it leads, so that another candidate leads at once. Safe to repeat. */
  stop(): Promise<void>
  /** `undefined` before the first start. */
  status(): DispatcherStatus | undefined
}

interface Started {
  readonly dispatcher: Dispatcher
  readonly coordinator: Coordinator
  readonly storing: AbortController
}

/** Makes a dispatcher of an app, for a process of its own or beside a worker. Throws `InvalidOptionError`. */
export function createDispatcher(app: App, options: AppDispatcherOptions = {}): AppDispatcher {
  return makeDispatcher(app, options, true)
}

/** `storesSchedules`: whether its start stores what the app's code schedules, in the background. */
export function makeDispatcher(app: App, options: AppDispatcherOptions, storesSchedules: boolean): AppDispatcher {
  checkOptions(options, 'createDispatcher', ['candidate', 'coordinator', 'ttl'])
  const candidate = options.candidate ?? `${hostname()}-${process.pid}-${Math.random().toString(36).slice(2, 10)}`
  const ttlMs = options.ttl === undefined ? undefined : checkTtl(options.ttl)
  let running: Promise<Started> | undefined
  let current: Dispatcher | undefined

  const start = async () => {
    const broker = await app.broker()
    const coordinator = options.coordinator ?? openCoordinator(app)
    const dispatcher = new Dispatcher({
      broker,
      coordinator,
      logger: app.logger,
      candidate,
      onCrashed: (lane, crashed) => void tellCrashes(app, lane, crashed),
      ...(ttlMs === undefined ? {} : { ttlMs }),
    })
    dispatcher.start()
    current = dispatcher
    const storing = new AbortController()
    if (storesSchedules) {
      storeCodeSchedules(app, storing.signal).catch((error: unknown) => {
        app.logger.error({ err: error }, "the code's schedules are not stored")
      })
    }
    return { dispatcher, coordinator, storing }
  }
  const stop = async () => {
    const stopping = running
    running = undefined
    const started = await stopping?.catch(() => undefined)
    started?.storing.abort()
    await started?.dispatcher.stop()
    if (options.coordinator === undefined) await started?.coordinator.close()
  }
  return {
    async start() {
      running ??= start()
      await running.catch((error: unknown) => {
        running = undefined
        throw error
      })
    },
    stop,
    status: () => current?.status(),
    [Symbol.asyncDispose]: stop,
  }
}

function checkTtl(ttl: Duration): number {
  const ttlMs = parseDuration(ttl, 'ttl')
  if (ttlMs < MIN_TTL_MS) throw new InvalidOptionError({ option: 'ttl', found: ttl, expected: 'at least 1s' })
  return ttlMs
}
