import type { JobRef, StoredOutcome } from '@millrace/broker'
import { ResultTimeoutError } from '@millrace/core'

export interface EndWaitOptions {
  readonly timeoutMs?: number
  readonly signal?: AbortSignal
  readonly onProgress?: (valueJson: string) => void
}

interface Settled {
  resolve(outcome: StoredOutcome | 'gone'): void
  reject(error: unknown): void
  /** Called first, however it ends. `gaveUp`: its caller does not wait any longer, the job goes on. */
  over(wait: EndWait, gaveUp: boolean): void
}

/** Somebody who waits for a job's end: told it, or gives up by time or signal. */
export class EndWait {
  readonly ref: JobRef
  /** Where it is told; with the job's id, its place among the waits. */
  readonly channel: string
  readonly #options: EndWaitOptions
  readonly #settled: Settled
  readonly #timer: NodeJS.Timeout | undefined
  readonly #aborted: (() => void) | undefined
  #open = true

  constructor(place: { readonly ref: JobRef; readonly channel: string }, options: EndWaitOptions, settled: Settled) {
    this.ref = place.ref
    this.channel = place.channel
    this.#options = options
    this.#settled = settled
    const { timeoutMs, signal } = options
    if (timeoutMs !== undefined) {
      this.#timer = setTimeout(() => this.fail(new ResultTimeoutError({ id: this.ref.id, timeoutMs })), timeoutMs)
    }
    if (signal !== undefined) {
      const aborted = () => this.fail(signal.reason)
      this.#aborted = aborted
      signal.addEventListener('abort', aborted, { once: true })
    }
  }

  get key(): string {
    return this.channel + this.ref.id
  }

  progress(valueJson: string): void {
    this.#options.onProgress?.(valueJson)
  }

  end(outcome: StoredOutcome | 'gone'): void {
    if (this.#close(false)) this.#settled.resolve(outcome)
  }

  fail(error: unknown): void {
    if (this.#close(true)) this.#settled.reject(error)
  }

  #close(gaveUp: boolean): boolean {
    if (!this.#open) return false
    this.#open = false
    if (this.#timer !== undefined) clearTimeout(this.#timer)
    if (this.#aborted !== undefined) this.#options.signal?.removeEventListener('abort', this.#aborted)
    this.#settled.over(this, gaveUp)
    return true
  }
}
