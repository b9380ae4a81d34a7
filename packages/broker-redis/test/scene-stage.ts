import type { Broker, JobAttrs, Lane, NewJob, Reservation, Seat, Settlement } from '@millrace/broker'
import type { Verdict } from '@millrace/core'
import type { Redis } from 'ioredis'
import { advanceClock } from './instrumented-scripts.js'

export const HERE: Lane = { queue: 'scene', index: 0 }
export const THERE: Lane = { queue: 'scene', index: 1 }
export const EPOCH = 7

export interface Stage {
  readonly broker: Broker
  readonly raw: Redis
}

/** A representative state of a lane, and the one call in which a script is made to fail. */
export interface ScriptScene {
  readonly script: string
  readonly what: string
  /** Brings the state about; returns the call. */
  prepare(stage: Stage): Promise<() => Promise<unknown>>
  /** Findings of the audit that may be met between the failure and the repeat: the worst half-state. Default: none. */
  readonly half?: RegExp
  /** What may be left even after the repeat, harmless, until it comes up or the sweep finds it. Default: none. */
  readonly left?: RegExp
  /** What the audit of jobs does not see and the repeat must have brought about; empty where nothing is missing. */
  missing?(stage: Stage): Promise<readonly string[]>
}

export const job = (id: string, attrs?: JobAttrs): NewJob =>
  attrs === undefined ? { id, message: `[1,"t","${id}",1]` } : { id, message: `[1,"t","${id}",1]`, attrs }
export const failure = { name: 'Error', message: 'boom', reason: 'error', attempt: 1, at: 1 } as const
export const fails: Verdict = { kind: 'fail', failure, keepMs: 1_000 }
export const succeeds = (outputJson?: string): Verdict => ({ kind: 'succeed', outputJson, keepMs: 0 })
export const joins = (lane: Lane, id: string, index = 0) => ({ joins: { lane, id, index } })
export const settle = (held: readonly Reservation[], verdict: (id: string) => Verdict): Settlement[] =>
  held.map((reservation) => ({ reservation, verdict: verdict(reservation.id) }))

export const sit = ({ broker }: Stage, leaseMs = 60_000) => broker.consumer.join(HERE, { id: 'w', leaseMs })
/** Resolves once the next lone job will be handed to this seat. */
export async function atDoor(seat: Seat): Promise<void> {
  seat.receive?.(() => {})
  for (;;) if ((await seat.exchange({ settlements: [], want: 1, empty: false })).atDoor === true) return
}
/** Hands a lone job to this seat. */
export async function handOver(stage: Stage, seat: Seat, lone: NewJob): Promise<readonly Reservation[]> {
  const handed = new Promise<readonly Reservation[]>((resolve) => seat.receive?.(resolve))
  for (;;) if ((await seat.exchange({ settlements: [], want: 1, empty: false })).atDoor === true) break
  await put(stage, [lone])
  return await handed
}
/** Ends job `a` ahead of its exchange, which never comes; a cancel was asked of it while it ran. */
export async function endAhead(stage: Stage, seat: Seat): Promise<void> {
  const settlements = settle(await handOver(stage, seat, awaited('a')), () => succeeds('1'))
  await stage.broker.control.cancel({ lane: HERE, id: 'a' })
  for (const settlement of settlements) void seat.ahead?.(settlement)
  await stage.broker.results.wait({ lane: HERE, id: 'a' })
}
export const awaited = (id: string): NewJob => ({ ...job(id), awaited: true })
/** Resolves once this process hears of the ends of jobs that it says to be awaited. */
export async function hearEnds(stage: Stage): Promise<void> {
  await stage.broker.results.wait({ lane: HERE, id: 'nobody' })
}
export const put = ({ broker }: Stage, jobs: readonly (string | NewJob)[], lane = HERE) =>
  broker.producer.enqueue(
    lane,
    jobs.map((one) => (typeof one === 'string' ? job(one) : one)),
  )
export const take = async (seat: Seat, want = 100, empty = true) =>
  (await seat.exchange({ settlements: [], want, empty })).reservations

/** Lets a worker die `times` times with everything that it takes. */
export async function crash(stage: Stage, times = 1): Promise<void> {
  for (let i = 0; i < times; i++) {
    for (;;) {
      const seat = await sit(stage, 1_000)
      const held = await take(seat)
      for (const each of held) if (each.crashes > 0) await seat.begin(each)
      if (held.length === 0) break
    }
    await expire(stage)
    await stage.broker.dispatch.reclaimExpired(HERE, EPOCH)
  }
}

/** Every lease ends, with sweeps in between: the store was not silent. */
export async function expire({ broker, raw }: Stage): Promise<void> {
  for (let i = 0; i < 40; i++) {
    await advanceClock(raw, 400)
    await broker.dispatch.agenda(HERE, EPOCH)
    await raw.hset('millrace:{scene/scene/0}:meta', 'seen', await clock(raw))
  }
}
export const clock = async (raw: Redis) =>
  String(Number((await raw.time())[0]) * 1_000 + Number(await raw.get('test:clock-offset')) + 1_000)

export const MIXED = [
  job('named', { named: true }),
  job('late', { delayMs: 60_000 }),
  job('unique', { unique: { key: 'k', until: 'done' } }),
  job('conflict', { unique: { key: 'k', until: 'done' } }),
  job('urgent', { priority: 3 }),
  job('low', { priority: -3, expiresMs: 60_000 }),
  job('body', { waitsFor: 2 }),
  job('named', { named: true }),
  job('member', joins(HERE, 'body')),
]
/** Ended, but its entry or its place is not gone yet: it is skipped there. */
export const STALE = /without a message in|has ended|of an ended job/
/** A job was ended ahead, the seat that did it is not gone; a cancel is left that was asked of it. */
export const ENDED_AHEAD = /holds nothing|cancels? of a, which|lease of \S+ without a seat/
export const TWICE = /is in (seat:\S+|failed|parked) and /
