/** The connection went away under a call, or its reply did not come in time: it may have been executed. */
export class LinkLost extends Error {}

/** Whom the end of a call concerns. */
export interface CallEnd {
  answered(value: unknown): void
  failed(error: unknown): void
}

interface PendingSpan {
  /** On the monotonic clock, ms. */
  readonly sentAt: number
  readonly deadline: number
  readonly signal: AbortSignal | undefined
}

/** A call that was written and has no reply yet. The reply, its absence or an abort ends it: whichever comes first, once. */
export class PendingCall {
  readonly sentAt: number
  readonly deadline: number
  readonly #all: Set<PendingCall>
  readonly #signal: AbortSignal | undefined
  readonly #aborted: (() => void) | undefined
  #end: CallEnd | undefined

  /** Enters itself into `all`, and leaves it at its end. */
  constructor(all: Set<PendingCall>, { sentAt, deadline, signal }: PendingSpan, end: CallEnd) {
    this.#all = all
    this.sentAt = sentAt
    this.deadline = deadline
    this.#signal = signal
    this.#end = end
    all.add(this)
    if (signal === undefined) return
    this.#aborted = () => this.fail(new LinkLost('aborted'))
    signal.addEventListener('abort', this.#aborted, { once: true })
  }

  answer(value: unknown): void {
    this.#close()?.answered(value)
  }

  fail(error: unknown): void {
    this.#close()?.failed(error)
  }

  #close(): CallEnd | undefined {
    const end = this.#end
    if (end === undefined) return undefined
    this.#end = undefined
    this.#all.delete(this)
    if (this.#aborted !== undefined) this.#signal?.removeEventListener('abort', this.#aborted)
    return end
  }
}
