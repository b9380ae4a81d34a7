import { randomUUID } from 'node:crypto'
import type { WorkerCommand } from '@millrace/broker'
import { InvalidOptionError } from '@millrace/core'
import { callOptions, clockOf, type MonitorScope } from './monitor-scope.js'
import { readWorkers, type WorkerView } from './worker-view.js'

/** Which workers an order is for. Default: all. */
export interface WorkerChoice {
  /** Their ids. */
  readonly workers?: readonly string[] | undefined
}

export interface WorkerOrderOptions extends WorkerChoice {
  /** How long to wait until the workers have obeyed, ms. Default 0: not at all. They are told at once; who missed it obeys within 12 s. */
  readonly waitMs?: number | undefined
  readonly signal?: AbortSignal | undefined
}

export interface WorkerOrderAnswer {
  /** The order's id. */
  readonly id: string
  readonly kind: WorkerCommand['kind']
  /** Announced workers that it is for. */
  readonly workers: readonly string[]
  /** Those of them that were seen to have obeyed within `waitMs`. */
  readonly acknowledged: readonly string[]
  /** Ids that were asked for and that no announced worker has. */
  readonly unknown: readonly string[]
}

export interface PingAnswer {
  readonly id: string
  /** One per announced worker that was asked. */
  readonly workers: readonly PingedWorker[]
  /** Ids that were asked for and that no announced worker has. */
  readonly unknown: readonly string[]
}

export interface PingedWorker extends WorkerView {
  /** It announced itself again after the ping. False: dead, stopped (`SIGSTOP`), or cut off. */
  readonly answered: boolean
  /** Until its answer was seen, ms; null without one. */
  readonly afterMs: number | null
}

export interface PingOptions extends WorkerChoice {
  /** How long to wait for answers, ms. Default 5,000. */
  readonly waitMs?: number | undefined
  readonly signal?: AbortSignal | undefined
}

const PING_WAIT_MS = 5_000
const LOOK_EVERY_MS = 100

/** Sends an order; each worker is told of it at once, and finds it with its next announcement (within 12 s) if it missed that. */
export async function orderWorkers(
  scope: MonitorScope,
  order: WorkerOrder,
  options: WorkerOrderOptions,
): Promise<WorkerOrderAnswer> {
  const { id, chosen, unknown } = await broadcast(scope, order, options)
  const acknowledged: string[] = []
  await watchWorkers(scope, chosen, {
    waitMs: options.waitMs ?? 0,
    signal: options.signal,
    done: (worker, now) => {
      const obeyed = hasObeyed(order, now)
      if (obeyed) acknowledged.push(worker.id)
      return obeyed
    },
  })
  return { id, kind: order.kind, workers: chosen.map((worker) => worker.id), acknowledged, unknown }
}

interface WorkerOrder {
  readonly kind: 'quiet' | 'resume' | 'stop' | 'resize'
  readonly size?: number
}

/** What a worker announces once it has obeyed. One that is gone takes nothing, and needs nothing more to stop. */
function hasObeyed({ kind, size }: WorkerOrder, now: WorkerView | undefined): boolean {
  const leaving = now === undefined || now.state === 'draining' || now.state === 'stopped'
  switch (kind) {
    case 'quiet':
      return leaving || now.state === 'quiet'
    case 'stop':
      return leaving
    case 'resume':
      return now?.state === 'running'
    case 'resize':
      return now?.concurrency === size
  }
}

export function checkSize(size: unknown): number {
  if (typeof size === 'number' && Number.isInteger(size) && size >= 1 && size <= 10_000) return size
  throw new InvalidOptionError({ option: 'size', found: size, expected: 'a whole number from 1 to 10000' })
}

/** Asks every worker for a sign of life and waits until all have given one, at most `waitMs`. */
export async function pingWorkers(scope: MonitorScope, options: PingOptions): Promise<PingAnswer> {
  const clock = clockOf(scope)
  const { id, chosen, unknown } = await broadcast(scope, { kind: 'ping' }, options)
  const begun = clock.monotonic()
  const answered = new Map<string, { view: WorkerView; afterMs: number }>()
  await watchWorkers(scope, chosen, {
    waitMs: options.waitMs ?? PING_WAIT_MS,
    signal: options.signal,
    done: (worker, now) => {
      if (now === undefined || fingerprint(now) === fingerprint(worker)) return false
      answered.set(worker.id, { view: now, afterMs: Math.round(clock.monotonic() - begun) })
      return true
    },
  })
  const workers = chosen.map((worker) => {
    const answer = answered.get(worker.id)
    return { ...(answer?.view ?? worker), answered: answer !== undefined, afterMs: answer?.afterMs ?? null }
  })
  return { id, workers, unknown }
}

interface WorkerWatch {
  readonly waitMs: number
  readonly signal: AbortSignal | undefined
  /** Whether enough was seen of this worker; `now` is undefined for one that is gone. */
  done(worker: WorkerView, now: WorkerView | undefined): boolean
}

/** Looks at the announcements until every worker is done with, at most `waitMs`. */
async function watchWorkers(scope: MonitorScope, workers: readonly WorkerView[], watch: WorkerWatch): Promise<void> {
  const clock = clockOf(scope)
  const deadline = clock.monotonic() + watch.waitMs
  let open = workers
  while (open.length > 0 && clock.monotonic() < deadline && watch.signal?.aborted !== true) {
    await pause(LOOK_EVERY_MS, watch.signal)
    const views = new Map((await readWorkers(scope)).map((view) => [view.id, view]))
    open = open.filter((worker) => !watch.done(worker, views.get(worker.id)))
  }
}

/** What an announcement changes. The uptime changes by itself. */
function fingerprint(worker: WorkerView): string {
  return JSON.stringify({ ...worker, uptimeMs: 0 })
}

async function broadcast(
  scope: MonitorScope,
  order: Omit<WorkerCommand, 'id' | 'workers'>,
  choice: WorkerChoice,
): Promise<{ id: string; chosen: readonly WorkerView[]; unknown: readonly string[] }> {
  const { control } = await scope.broker()
  const announced = await readWorkers(scope)
  const asked = choice.workers
  const chosen = asked === undefined ? announced : announced.filter((worker) => asked.includes(worker.id))
  const unknown = (asked ?? []).filter((id) => !announced.some((worker) => worker.id === id))
  const id = randomUUID()
  await control.broadcast({ ...order, id, ...(asked === undefined ? {} : { workers: asked }) }, callOptions(scope))
  return { id, chosen, unknown }
}

function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms)
    function done() {
      clearTimeout(timer)
      signal?.removeEventListener('abort', done)
      resolve()
    }
    signal?.addEventListener('abort', done, { once: true })
    if (signal?.aborted === true) done()
  })
}
