import { MAX_KEPT_PROGRESS_BYTES, type ReportLine, type ReportUpdate } from '@millrace/broker'
import type { Clock, Verdict } from '@millrace/core'
import type { Attempt } from '../attempt.js'
import type { Timer, TimerSource } from '../timer-source.js'

/** At most one update per running job travels in this time. */
const INTERVAL_MS = 1_000
/** UTF-8 bytes of lines that wait; the oldest give way. As much as the store keeps. */
const WAITING_BYTES = 16_384

/** What the handler of one attempt says, on its way to the store: coalesced while it runs, the rest before its verdict. */
export class JobReport {
  readonly #attempt: Attempt
  readonly #environment: { readonly clock: Clock; readonly timers: TimerSource }
  #lines: ReportLine[] = []
  #bytes = 0
  /** Lines before those that wait: sent, or given way. */
  #from = 0
  #progressJson: string | undefined
  #timer: Timer | undefined
  #sent = false

  constructor(attempt: Attempt, environment: { readonly clock: Clock; readonly timers: TimerSource }) {
    this.#attempt = attempt
    this.#environment = environment
    attempt.report = this
  }

  /** A value that is larger than what is kept replaces nothing. */
  progress(json: string): void {
    if (json.length > MAX_KEPT_PROGRESS_BYTES || Buffer.byteLength(json) > MAX_KEPT_PROGRESS_BYTES) return
    this.#progressJson = json
    this.#plan()
  }

  line(level: string, text: string): void {
    if (this.#attempt.ended) return
    this.#lines.push({ at: this.#environment.clock.now(), level, attempt: this.#attempt.number, text })
    this.#bytes += Buffer.byteLength(text)
    while (this.#bytes > WAITING_BYTES) {
      this.#bytes -= Buffer.byteLength(this.#lines.shift()?.text ?? '')
      this.#from += 1
    }
    this.#plan()
  }

  /** The attempt has ended: what is left goes before the exchange that carries its verdict. */
  end(verdict: Verdict): void {
    this.#timer?.cancel()
    this.#timer = undefined
    const { owner, reservation } = this.#attempt
    const keepMs = keptFor(verdict)
    // Nothing will be left of the job: what was never written need not be, what was written goes now.
    if (owner.lost || !(this.#sent || (this.#waits && keepMs !== 0))) return
    owner.report({ reservation, update: keepMs === undefined ? this.#take() : { ...this.#take(), keepMs } })
  }

  get #waits(): boolean {
    return this.#lines.length > 0 || this.#progressJson !== undefined
  }

  #plan(): void {
    this.#timer ??= this.#environment.timers.after(INTERVAL_MS, () => this.#send())
  }

  #send(): void {
    const { owner, reservation, ended } = this.#attempt
    this.#timer = undefined
    if (ended || owner.lost) return
    this.#sent = true
    const next = () => {
      if (!this.#attempt.ended && this.#waits) this.#plan()
    }
    // Best effort: a lost lease shows at the next exchange or heartbeat, a lost broker in the log of the worker.
    owner.seat.report([{ reservation, update: this.#take() }]).then(next, next)
  }

  #take(): ReportUpdate {
    const [lines, from, progressJson] = [this.#lines, this.#from, this.#progressJson]
    this.#from += lines.length
    this.#lines = []
    this.#bytes = 0
    this.#progressJson = undefined
    const since = this.#attempt.message?.enqueuedAt ?? 0
    return progressJson === undefined ? { since, lines, from } : { since, lines, from, progressJson }
  }
}

/** As long as the job's result; undefined: as long as a failed job. */
function keptFor(verdict: Verdict): number | undefined {
  if (verdict.kind === 'succeed') return verdict.keepMs
  return verdict.kind === 'cancel' ? 0 : undefined
}
