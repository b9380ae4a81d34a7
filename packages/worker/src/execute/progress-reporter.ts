import { toJson } from '@millrace/core'
import type { Attempt } from '../attempt.js'
import type { Timer, TimerSource } from '../timer-source.js'

/** At most one report per job travels in this time; the last value wins. */
const INTERVAL_MS = 100
const MAX_PROGRESS_BYTES = 64 * 1024

/** Sends one attempt's progress: the first value at once, later ones coalesced. */
export class ProgressReporter {
  #latest: string | undefined
  #timer: Timer | undefined
  #sending = false

  constructor(
    private readonly attempt: Attempt,
    private readonly environment: { readonly timers: TimerSource },
  ) {}

  /** Answers the value as JSON. Throws `NotSerializableError`, `PayloadTooLargeError` (64 KiB) into the handler. */
  report(value: unknown): string {
    const json = toJson(value, { what: 'progress', maxBytes: MAX_PROGRESS_BYTES })
    this.#latest = json
    if (this.#timer === undefined && !this.#sending) this.#send()
    return json
  }

  /** The attempt has ended: what was not sent is dropped, the verdict says more. */
  close(): void {
    this.#latest = undefined
    this.#timer?.cancel()
    this.#timer = undefined
  }

  #send(): void {
    const json = this.#latest
    if (json === undefined) return
    this.#latest = undefined
    this.#sending = true
    const { reservation, owner } = this.attempt
    owner.seat.progress(reservation, json).then(
      () => this.#sent(),
      // Best effort: a lost lease shows at the next exchange or heartbeat, a lost broker in the log of the worker.
      () => this.#sent(),
    )
  }

  #sent(): void {
    this.#sending = false
    if (this.attempt.ended) return
    this.#timer = this.environment.timers.after(INTERVAL_MS, () => {
      this.#timer = undefined
      this.#send()
    })
  }
}
