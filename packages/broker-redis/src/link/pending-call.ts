import type { Roster, RosterMember } from '@millrace/core'
import type { BusyPoll } from './busy-poll.js'
import type { LinkCall } from './link-call.js'
import type { ReplyReader } from './queued-command.js'

/** The connection went away under a call, or its reply did not come in time: it may have been executed. */
export class LinkLost extends Error {}

/** Whom the end of a call concerns. */
export interface CallEnd {
  answered(value: unknown): void
  failed(error: unknown): void
}

/** What the calls in flight on a link share. */
export interface Flight {
  readonly calls: Roster<PendingCall>
  readonly poll: BusyPoll
}

interface PendingSpan {
  /** On the monotonic clock, ms. */
  readonly sentAt: number
  readonly deadline: number
  readonly call: LinkCall
}

/** A call whose reply is waited for. The reply, its absence or an abort ends it: whichever comes first, once. */
export class PendingCall implements ReplyReader, RosterMember {
  place = -1
  readonly sentAt: number
  readonly deadline: number
  readonly #flight: Flight
  readonly #call: LinkCall
  #end: CallEnd | undefined
  #followed = false
  #aborted: (() => void) | undefined

  constructor(flight: Flight, { sentAt, deadline, call }: PendingSpan, end: CallEnd) {
    this.#flight = flight
    this.sentAt = sentAt
    this.deadline = deadline
    this.#call = call
    this.#end = end
  }

  /** It was written. Joins the flight, and leaves it at its end. */
  follow(): void {
    if (this.#end === undefined) return
    this.#followed = true
    this.#flight.calls.add(this)
    const { signal, polled } = this.#call
    if (polled) this.#flight.poll.sent(this.sentAt)
    if (signal === undefined) return
    const aborted = () => this.fail(new LinkLost('aborted'))
    this.#aborted = aborted
    signal.addEventListener('abort', aborted, { once: true })
  }

  answer(value: unknown): void {
    this.#close()?.answered(value)
  }

  fail(error: unknown): void {
    this.#close()?.failed(isConnectionError(error) ? new LinkLost(String(error)) : error)
  }

  #close(): CallEnd | undefined {
    const end = this.#end
    if (end === undefined) return undefined
    this.#end = undefined
    if (!this.#followed) return end
    this.#flight.calls.delete(this)
    const { signal, polled } = this.#call
    if (polled) this.#flight.poll.ended(this.sentAt)
    if (this.#aborted !== undefined) signal?.removeEventListener('abort', this.#aborted)
    return end
  }
}

function isConnectionError(error: unknown): boolean {
  return (
    error instanceof Error &&
    !(error instanceof LinkLost) &&
    error.name !== 'ReplyError' &&
    !error.message.includes("isn't writeable")
  )
}
