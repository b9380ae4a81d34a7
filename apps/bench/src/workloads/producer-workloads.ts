import { setTimeout as pause } from 'node:timers/promises'
import { wallNow } from '../measure/wall-clock.js'
import type { Counts, Producer } from '../rival.js'
import { makeInput } from './make-input.js'

/** Which jobs: numbers from `from` to below `to`. */
export interface Range {
  readonly from: number
  readonly to: number
  /** Of JSON. Absent: `{x,y:2}`. */
  readonly bytes?: number
}

/** Ms since the epoch. */
export interface Span {
  readonly startedAt: number
  readonly endedAt: number
}

export interface BulkPlan extends Range {
  /** At most 1,000. */
  readonly batch: number
  readonly queues: number
  /** Due then, ms since the epoch. */
  readonly at?: number
}

/** Ms since the epoch, by job number minus `from`; NaN: not known. */
export interface WaitLog {
  readonly sent: Float64Array
  readonly answered: Float64Array
}

/** What a parent asks of a producer process, by name. */
export interface ProducerCalls {
  /** Batch after batch, each awaited before the next, to the queues in turn. */
  enqueueBulk(plan: BulkPlan): Promise<Span>
  /** One call per job, `inFlight` of them awaited together. */
  enqueueSingle(plan: Range & { readonly inFlight: number }): Promise<Span>
  /** One job at a time: enqueue, wait for its end, pause. */
  enqueueAndWait(plan: Range & { readonly pauseMs: number }): Promise<WaitLog>
  /** So many single calls per second, whatever their answers; resolves when all are acknowledged. */
  enqueuePaced(plan: Range & { readonly perSecond: number }): Promise<WaitLog>
  /** A chord of the range, with the body numbered `to`. */
  enqueueChord(plan: Range): Promise<Span>
  lastResult(plan: Record<string, never>): Promise<number | undefined>
  counts(plan: Record<string, never>): Promise<Counts>
}

const PACE_TICK_MS = 1

export function producerCalls(producer: Producer): ProducerCalls {
  return {
    enqueueBulk: (plan) => timed(() => bulk(producer, plan)),
    enqueueSingle: (plan) => timed(() => single(producer, plan)),
    enqueueAndWait: (plan) => oneByOne(producer, plan),
    enqueuePaced: (plan) => paced(producer, plan),
    enqueueChord: (plan) => timed(() => producer.enqueueChord(inputs(plan), makeInput(plan.to, plan.bytes))),
    lastResult: () => producer.lastResult(),
    counts: () => producer.counts(),
  }
}

async function timed(act: () => Promise<void>): Promise<Span> {
  const startedAt = wallNow()
  await act()
  return { startedAt, endedAt: wallNow() }
}

function inputs({ from, to, bytes }: Range) {
  return Array.from({ length: to - from }, (_, index) => makeInput(from + index, bytes))
}

async function bulk(producer: Producer, plan: BulkPlan): Promise<void> {
  const at = plan.at === undefined ? {} : { at: plan.at }
  let batches = 0
  for (let from = plan.from; from < plan.to; from += plan.batch) {
    const to = Math.min(plan.to, from + plan.batch)
    await producer.enqueueBulk(inputs({ ...plan, from, to }), { queue: batches % plan.queues, ...at })
    batches += 1
  }
}

async function single(producer: Producer, plan: Range & { readonly inFlight: number }): Promise<void> {
  for (let from = plan.from; from < plan.to; from += plan.inFlight) {
    if (plan.inFlight === 1) {
      await producer.enqueueSingle(makeInput(from, plan.bytes))
      continue
    }
    const to = Math.min(plan.to, from + plan.inFlight)
    const calls: Promise<void>[] = []
    for (let x = from; x < to; x++) calls.push(producer.enqueueSingle(makeInput(x, plan.bytes)))
    await Promise.all(calls)
  }
}

async function oneByOne(producer: Producer, plan: Range & { readonly pauseMs: number }): Promise<WaitLog> {
  const log = waitLog(plan)
  for (let x = plan.from; x < plan.to; x++) {
    const input = makeInput(x, plan.bytes)
    log.sent[x - plan.from] = wallNow()
    const result = await producer.enqueueAndWait(input)
    if (result !== undefined) {
      log.answered[x - plan.from] = wallNow()
      if (result !== x) throw new Error(`job ${x} answered ${result}`)
    }
    await pause(plan.pauseMs)
  }
  return log
}

async function paced(producer: Producer, plan: Range & { readonly perSecond: number }): Promise<WaitLog> {
  const log = waitLog(plan)
  const calls: Promise<void>[] = []
  const begun = performance.now()
  let x = plan.from
  while (x < plan.to) {
    const owed = plan.from + Math.floor(((performance.now() - begun) / 1000) * plan.perSecond)
    for (; x < Math.min(owed, plan.to); x++) {
      log.sent[x - plan.from] = wallNow()
      calls.push(producer.enqueueSingle(makeInput(x, plan.bytes)))
    }
    await pause(PACE_TICK_MS)
  }
  await Promise.all(calls)
  return log
}

function waitLog({ from, to }: Range): WaitLog {
  return { sent: new Float64Array(to - from).fill(Number.NaN), answered: new Float64Array(to - from).fill(Number.NaN) }
}
