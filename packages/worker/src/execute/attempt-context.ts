import { type Clock, type Duration, type Logger, parseDuration, RetryRequest, type TaskContext } from '@millrace/core'
import type { Attempt } from '../attempt.js'
import type { TimerSource } from '../timer-source.js'
import { abortError } from './abort-error.js'
import { JobReport } from './job-report.js'
import { ProgressReporter } from './progress-reporter.js'
import { toldLogger } from './told-logger.js'

/** What contexts share. */
export interface ContextEnvironment {
  readonly logger: Logger
  readonly timers: TimerSource
  readonly clock: Clock
}

const NO_HEADERS: Readonly<Record<string, string>> = Object.freeze({})

/** What a handler is given. Everything that costs is made on first touch: most handlers touch nothing. */
export class AttemptContext implements TaskContext {
  readonly #attempt: Attempt
  readonly #environment: ContextEnvironment
  #log: Logger | undefined
  #reporter: ProgressReporter | undefined
  #report: JobReport | undefined

  constructor(attempt: Attempt, environment: ContextEnvironment) {
    this.#attempt = attempt
    this.#environment = environment
  }

  get jobId(): string {
    return this.#attempt.reservation.id
  }

  get task(): string {
    return this.#attempt.definition?.name ?? this.#attempt.task
  }

  get attempt(): number {
    return this.#attempt.number
  }

  get crashes(): number {
    return this.#attempt.reservation.crashes
  }

  get token(): string {
    return this.#attempt.reservation.token
  }

  get headers(): Readonly<Record<string, string>> {
    return this.#attempt.message?.extras.headers ?? NO_HEADERS
  }

  get enqueuedAt(): Date {
    return new Date(this.#attempt.message?.enqueuedAt ?? Number.NaN)
  }

  get deadline(): Date | undefined {
    const { timeoutMs, startedAt } = this.#attempt
    if (timeoutMs === undefined) return undefined
    const { clock } = this.#environment
    return new Date(clock.now() + startedAt + timeoutMs - clock.monotonic())
  }

  get signal(): AbortSignal {
    const attempt = this.#attempt
    if (attempt.controller === undefined) {
      attempt.controller = new AbortController()
      if (attempt.abortedBy !== undefined) attempt.controller.abort(abortError(attempt, attempt.abortedBy))
    }
    return attempt.controller.signal
  }

  get log(): Logger {
    this.#log ??= toldLogger(
      this.#environment.logger.child({ jobId: this.jobId, task: this.task, attempt: this.attempt }),
      (level, text) => this.#ownReport.line(level, text),
    )
    return this.#log
  }

  /** A function of its own, so that it can be taken out of the context by destructuring. */
  get progress(): (value: unknown) => void {
    return (value) => {
      if (this.#attempt.ended || this.#attempt.owner.lost) {
        this.log.debug('progress after the end of the attempt was refused')
        return
      }
      this.#reporter ??= new ProgressReporter(this.#attempt, this.#environment)
      this.#attempt.reporter = this.#reporter
      this.#ownReport.progress(this.#reporter.report(value))
    }
  }

  get #ownReport(): JobReport {
    this.#report ??= new JobReport(this.#attempt, this.#environment)
    return this.#report
  }

  get retry(): (options?: { delay?: Duration }) => RetryRequest {
    return makeRetryRequest
  }
}

function makeRetryRequest(options?: { delay?: Duration }): RetryRequest {
  return new RetryRequest(options?.delay === undefined ? undefined : parseDuration(options.delay, 'delay'))
}
