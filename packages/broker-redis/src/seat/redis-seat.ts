import type {
  CallOptions,
  ExchangeReply,
  ExchangeRequest,
  HeartbeatReply,
  Lane,
  Reservation,
  ReservationReport,
  Seat,
  Settlement,
} from '@millrace/broker'
import { laneName } from '@millrace/broker'
import type { FailureRecord } from '@millrace/core'
import { crashPoint, LeaseLostError, PayloadTooLargeError } from '@millrace/core'
import type { Engine } from '../engine.js'
import { milliseconds } from '../exchange/encode-settlements.js'
import { readReservations } from '../exchange/read-reservations.js'
import { RedisReservation } from '../exchange/reservation.js'
import { seatChannel } from '../keyspace.js'
import { isCluster } from '../link/address.js'
import { SessionRefused } from '../link/redis-error.js'
import { writeReports } from '../report/write-reports.js'
import type { Retention } from '../retention.js'
import {
  beginScript,
  endAheadScript,
  heartbeatScript,
  inputsScript,
  progressScript,
  putBackScript,
} from '../scripts.generated.js'
import type { Door } from './door.js'
import { EarlierReplies } from './earlier-replies.js'
import { Slot, type SlotReply } from './slot.js'

const DRAIN = 1
const MORE = 2
const PAUSED = 4
const AT_DOOR = 8
/** An exchange waits no longer for a call that went ahead of it. */
const AHEAD_MS = 500
const MAX_INPUT_BYTES = 64 * 1024 * 1024

/** One incarnation of a worker in a lane, on Redis. */
export class RedisSeat implements Seat {
  readonly #engine: Engine
  readonly #slots: readonly [Slot, Slot]
  readonly #earlier = new EarlierReplies()
  #resolving: Promise<void> | undefined
  readonly #door: Door
  readonly #channel: string
  readonly #retention: Retention
  #listens = false
  /** Such a call is under way: the next exchange lets it go first, so that the store tells the waiter before it does anything else. */
  #ahead: Promise<void> | undefined
  /** Of what was handed over at the door, all up to this token was put back. */
  #putBackUpTo = 0
  #fenced = false

  constructor(
    house: { readonly engine: Engine; readonly door: Door; readonly retention: Retention },
    readonly lane: Lane,
    seat: { readonly incarnation: string; readonly leaseMs: number },
  ) {
    const { engine } = house
    this.#engine = engine
    this.#door = house.door
    this.#retention = house.retention
    this.#channel = seatChannel(engine.keyspace, lane, seat.incarnation)
    this.incarnation = seat.incarnation
    this.leaseMs = seat.leaseMs
    const slot = (name: string) => new Slot(engine, lane, { name: seat.incarnation, leaseMs: seat.leaseMs, slot: name })
    this.#slots = [slot('a'), slot('b')]
  }

  readonly incarnation: string
  readonly leaseMs: number

  exchange(request: ExchangeRequest, options: CallOptions = {}): Promise<ExchangeReply> {
    if (this.#ahead !== undefined) return this.#ahead.then(() => this.exchange(request, options))
    if (this.#fenced || this.#hasEarlier) return this.#guarded(() => this.#exchangeAfterEarlier(request, options))
    try {
      return this.#freeSlot().exchange(request, options, this.#listens).then(toReply, this.#judge)
    } catch (error) {
      return Promise.reject(error)
    }
  }

  /** Something is left of calls that were given up: it goes first. */
  async #exchangeAfterEarlier(request: ExchangeRequest, options: CallOptions): Promise<ExchangeReply> {
    await this.#resolveEarlier(options)
    const now = await this.#freeSlot().exchange(this.#earlier.adjust(request), options, this.#listens)
    const { lost, reservations } = this.#earlier.take()
    return toReply({ ...now, lost: [...lost, ...now.lost], reservations: [...reservations, ...now.reservations] })
  }

  get #hasEarlier(): boolean {
    const [a, b] = this.#slots
    return (
      !this.#earlier.isEmpty ||
      this.#resolving !== undefined ||
      (a.isUnresolved && !a.busy) ||
      (b.isUnresolved && !b.busy)
    )
  }

  #freeSlot(): Slot {
    const slot = this.#slots.find((one) => !one.busy && !one.isUnresolved)
    if (slot === undefined) throw new Error('a seat takes at most two exchanges at a time')
    return slot
  }

  /** Not in a cluster: there nobody can tell whether a message was heard. */
  receive(accept: (reservations: readonly Reservation[]) => void): void {
    if (isCluster(this.#engine.target)) return
    void this.#door
      .listen(this.#channel, (text) => this.#hear(text, accept))
      .then(() => {
        this.#listens = !this.#fenced
      })
  }

  ahead({ reservation, verdict }: Settlement): Promise<void> | undefined {
    const waitedFor = reservation instanceof RedisReservation && reservation.awaited && !this.#fenced
    if (!waitedFor || verdict.kind !== 'succeed' || verdict.outputJson === undefined) return undefined
    reservation.awaited = false
    const args = [this.incarnation, reservation.token, reservation.id, milliseconds(verdict.keepMs), verdict.outputJson]
    const over = () => {
      this.#ahead = undefined
    }
    this.#ahead = this.#engine
      .onLane(endAheadScript, this.lane, args, { timeoutMs: AHEAD_MS, publishes: true })
      .then(() => {
        crashPoint('ended-ahead')
        over()
      }, over)
    return this.#ahead
  }

  /** ‹token› ‹id› ‹message›, as enqueue.lua says it; behind a `!` where somebody waits for the job's end. */
  #hear(said: string, accept: (reservations: readonly Reservation[]) => void): void {
    const awaited = said.startsWith('!')
    const text = awaited ? said.slice(1) : said
    const [token = '', ids = ''] = text.split(' ', 2)
    if (this.#fenced || Number(token) <= this.#putBackUpTo) return
    const messages = `[${text.slice(token.length + ids.length + 2)}]`
    const handed = readReservations({ lane: this.lane, token, ids, messages, extras: '' }, async () => [''])
    if ('then' in handed) void handed.then(accept)
    else {
      ;(handed[0] as RedisReservation).awaited = awaited
      accept(handed)
    }
  }

  heartbeat(options: CallOptions = {}): Promise<HeartbeatReply> {
    return this.#guarded(() => beat(this.#engine, this.lane, this.incarnation, options))
  }

  reconcile(tokens: readonly string[], options: CallOptions = {}): Promise<{ readonly putBack: number }> {
    return this.#guarded(async () => {
      const putBack = await this.#putBack('0', tokens, options)
      this.#earlier.forgetReservations(new Set(tokens))
      return { putBack }
    })
  }

  async inputs(reservation: Reservation, options: CallOptions = {}): Promise<readonly string[]> {
    const all: string[] = []
    let bytes = 0
    for (;;) {
      const page = (await this.#engine.onLane(
        inputsScript,
        this.lane,
        [reservation.id, String(all.length)],
        options,
      )) as string[]
      if (page.length === 0) return all
      for (const text of page) {
        all.push(text)
        bytes += text.length
      }
      if (bytes > MAX_INPUT_BYTES) {
        throw new PayloadTooLargeError({
          what: 'the joined outputs of upstream jobs',
          size: bytes,
          limit: MAX_INPUT_BYTES,
        })
      }
    }
  }

  begin(reservation: Reservation, options: CallOptions = {}): Promise<boolean> {
    const args = [this.incarnation, reservation.token, reservation.id]
    return this.#guarded(async () => (await this.#engine.onLane(beginScript, this.lane, args, options)) === 1)
  }

  progress(reservation: Reservation, valueJson: string, options: CallOptions = {}): Promise<boolean> {
    const args = [this.incarnation, reservation.token, reservation.id, valueJson]
    return this.#guarded(async () => (await this.#engine.onLane(progressScript, this.lane, args, options)) === 1)
  }

  report(updates: readonly ReservationReport[], options: CallOptions = {}): Promise<readonly boolean[]> {
    const { lane, incarnation } = this
    const writer = { engine: this.#engine, retention: this.#retention, lane, incarnation }
    return this.#guarded(() => writeReports(writer, updates, options))
  }

  async leave(options: CallOptions = {}): Promise<void> {
    if (this.#fenced) return
    await this.#putBack('1', [], options)
    this.#end()
  }

  async #putBack(leave: '0' | '1', known: readonly string[], options: CallOptions): Promise<number> {
    let total = 0
    for (;;) {
      const args = [this.incarnation, leave, JSON.stringify(lostRecord()), ...known]
      const reply = (await this.#engine.onLane(putBackScript, this.lane, args, options)) as [number, number, string]
      const [count, more, token] = reply
      this.#putBackUpTo = Math.max(this.#putBackUpTo, Number(token))
      total += count
      if (more === 0) return total
    }
  }

  /** Calls that were given up are answered first (see `Slot`), each by whoever comes first; all others wait for that. */
  async #resolveEarlier(options: CallOptions): Promise<void> {
    // The failure of another's attempt is the other's; this call then makes its own.
    while (this.#resolving !== undefined) await this.#resolving.catch(() => {})
    const open = this.#slots.filter((slot) => slot.isUnresolved && !slot.busy)
    if (open.length === 0) return
    const resolve = async () => {
      for (const slot of open) this.#earlier.add(await slot.resolve(options))
    }
    this.#resolving = resolve().finally(() => {
      this.#resolving = undefined
    })
    await this.#resolving
  }

  async #guarded<T>(call: () => Promise<T>): Promise<T> {
    if (this.#fenced) throw new LeaseLostError({ lane: laneName(this.lane), incarnation: this.incarnation })
    try {
      return await call()
    } catch (error) {
      return this.#judge(error)
    }
  }

  #end(): void {
    this.#fenced = true
    this.#listens = false
    this.#door.forget(this.#channel)
  }

  /** Throws what a failed call means. */
  readonly #judge = (error: unknown): never => {
    // Out of order: the store lost its last writes (failed over), this seat's among them. What it holds there is not what the worker
    // believes: a new seat is the way back.
    if (error instanceof LeaseLostError || error instanceof SessionRefused) {
      this.#end()
      throw new LeaseLostError({ lane: laneName(this.lane), incarnation: this.incarnation })
    }
    throw error
  }
}

/** Extends a seat's lease: from the worker's main thread or from its lease keeper thread. */
export async function beat(
  engine: Engine,
  lane: Lane,
  incarnation: string,
  options: CallOptions,
): Promise<HeartbeatReply> {
  const [cancelled, tokens] = (await engine.onLane(heartbeatScript, lane, [incarnation], options)) as [string, number]
  return { cancelled: cancelled === '' ? [] : cancelled.split(' '), tokens }
}

function toReply({ lost, reservations, cancelled, flags }: SlotReply): ExchangeReply {
  return {
    lost,
    reservations,
    cancelled,
    drain: (flags & DRAIN) !== 0,
    more: (flags & MORE) !== 0,
    paused: (flags & PAUSED) !== 0,
    atDoor: (flags & AT_DOOR) !== 0,
  }
}

/** What is kept of an at-most-once job whose worker went away with it. */
export function lostRecord(): FailureRecord {
  return {
    name: 'LeaseLostError',
    message: 'The worker that held this job went away; it is delivered at most once and may have run.',
    reason: 'lease-lost',
    attempt: 0,
    at: Date.now(),
  }
}
