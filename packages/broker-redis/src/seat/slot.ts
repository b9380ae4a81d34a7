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

  async exchange(request: ExchangeRequest, options: CallOptions): Promise<SlotReply> {
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
      String(tally.length),
    ]
    for (const { task, succeeded, retried, failed, busyMs } of tally) {
      args.push(task.slice(0, 128), ...[succeeded, retried, failed, busyMs].map((figure) => String(count(figure))))
    }
    return this.#say(encodeSettlements(settlements, args), options)
  }

  async #say(call: Call, options: CallOptions): Promise<SlotReply> {
    this.busy = true
    this.#unresolved = call
    try {
      const reply = (await this.engine.onLane(exchangeScript, this.lane, call.args, {
        ...options,
        ids: () => call.ordered.map((settlement) => settlement.reservation.id),
      })) as string[]
      const read = await this.#read(reply, call, options)
      this.#unresolved = undefined
      return read
    } finally {
      this.busy = false
    }
  }

  async #read(reply: readonly string[], call: Call, options: CallOptions): Promise<SlotReply> {
    const [token = '', ids = '', messages = '[]', lost = '', cancelled = '', flags = 0, extras = ''] = reply
    const reservations = await readReservations({ lane: this.lane, token, ids, messages, extras }, async (wanted) => {
      return (await this.engine.onLane(readMessagesScript, this.lane, wanted, options)) as string[]
    })
    return {
      lost: lost === '' ? NONE : lost.split(' ').map((ordinal) => call.ordered[Number(ordinal)] as Settlement),
      reservations,
      cancelled: cancelled === '' ? NONE : cancelled.split(' '),
      flags: Number(flags),
    }
  }
}

/** A whole number that Redis can count with. */
function count(figure: number): number {
  return Math.min(Number.MAX_SAFE_INTEGER, Math.max(0, Math.trunc(figure) || 0))
}

const NONE: readonly never[] = Object.freeze([])
