import type { CallOptions, ExchangeRequest, Lane, Reservation, Settlement } from '@millrace/broker'
import { InvalidOptionError, MAX_BATCH_JOBS } from '@millrace/core'
import type { Engine } from '../engine.js'
import { encodeSettlements } from '../exchange/encode-settlements.js'
import { readReservations } from '../exchange/read-reservations.js'
import { exchangeScript, readMessagesScript } from '../scripts.generated.js'

/** A reply of exchange.lua, read. */
export interface SlotReply {
  readonly lost: readonly Settlement[]
  readonly reservations: readonly Reservation[]
  readonly cancelled: readonly string[]
  readonly flags: number
}

interface Call {
  readonly args: readonly string[]
  readonly ordered: readonly Settlement[]
}

/**
 * One of a seat's two numbered conversations with its lane; one call at a time. A call that was given up without an answer stays
 * `unresolved`: it is asked again, with the same number, before the slot says anything new. So nothing that it handed out is
 * stranded, and nothing that it settled is settled again.
 */
export class Slot {
  #number = 0
  #unresolved: Call | undefined
  busy = false

  constructor(
    readonly engine: Engine,
    readonly lane: Lane,
    readonly seat: { readonly name: string; readonly leaseMs: number; readonly slot: string },
  ) {}

  get isUnresolved(): boolean {
    return this.#unresolved !== undefined
  }

  /** Asks again for the answer of the call that was given up; also says which settlements it carried. */
  async resolve(options: CallOptions): Promise<SlotReply & { readonly carried: readonly Settlement[] }> {
    const call = this.#unresolved as Call
    return { ...(await this.#say(call, options)), carried: call.ordered }
  }

  /** `listens`: the seat hears what is handed to it at the door. */
  exchange(request: ExchangeRequest, options: CallOptions, listens: boolean): Promise<SlotReply> {
    const { settlements } = request
    if (settlements.length > MAX_BATCH_JOBS) {
      throw new InvalidOptionError({
        option: 'settlements',
        found: settlements.length,
        expected: `at most ${MAX_BATCH_JOBS} a call`,
      })
    }
    const tally = request.tally ?? []
    const args = [
      this.seat.name,
      this.seat.slot,
      String(++this.#number),
      String(this.seat.leaseMs),
      String(count(Math.min(request.want, MAX_BATCH_JOBS))),
      request.empty ? '1' : '0',
      listens ? '1' : '0',
      String(tally.length),
    ]
    for (const { task, succeeded, retried, failed, busyMs } of tally) {
      args.push(task.slice(0, 128), ...[succeeded, retried, failed, busyMs].map((figure) => String(count(figure))))
    }
    return this.#say(encodeSettlements(settlements, args), options)
  }

  #say(call: Call, options: CallOptions): Promise<SlotReply> {
    this.busy = true
    this.#unresolved = call
    const said = this.engine.onLane(exchangeScript, this.lane, call.args, {
      ...options,
      ids: () => call.ordered.map((settlement) => settlement.reservation.id),
    })
    const failed = (error: unknown): never => {
      this.busy = false
      throw error
    }
    return said.then((reply) => {
      try {
        const read = this.#read(reply as string[], call, options)
        return 'then' in read ? read.then((slow) => this.#resolved(slow), failed) : this.#resolved(read)
      } catch (error) {
        return failed(error)
      }
    }, failed)
  }

  #resolved(read: SlotReply): SlotReply {
    this.busy = false
    this.#unresolved = undefined
    return read
  }

  #read(reply: readonly string[], call: Call, options: CallOptions): SlotReply | Promise<SlotReply> {
    const [token = '', ids = '', messages = '[]', lost = '', cancelled = '', flags = 0, extras = ''] = reply
    const reservations = readReservations({ lane: this.lane, token, ids, messages, extras }, async (wanted) => {
      return (await this.engine.onLane(readMessagesScript, this.lane, wanted, options)) as string[]
    })
    const whole = (some: readonly Reservation[]) => ({
      lost: lost === '' ? NONE : lost.split(' ').map((ordinal) => call.ordered[Number(ordinal)] as Settlement),
      reservations: some,
      cancelled: cancelled === '' ? NONE : cancelled.split(' '),
      flags: Number(flags),
    })
    return 'then' in reservations ? reservations.then(whole) : whole(reservations)
  }
}

/** A whole number that Redis can count with. */
function count(figure: number): number {
  return Math.min(Number.MAX_SAFE_INTEGER, Math.max(0, Math.trunc(figure) || 0))
}

const NONE: readonly never[] = Object.freeze([])
