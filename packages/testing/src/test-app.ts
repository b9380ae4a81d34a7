import type { Epoch } from '@millrace/broker'
import { openMemoryBroker } from '@millrace/broker-memory'
import { checkOptions, type Duration, InvalidOptionError, type Logger, parseDuration } from '@millrace/core'
import { DueDispatch } from '@millrace/dispatcher'
import type { App } from 'millrace'
import { EnqueueLog } from './enqueue-log.js'
import type { EnqueuedJob } from './enqueued-job.js'
import { findEnqueued, type TaskOf, wantedText } from './expectation.js'
import { FakeTime } from './fake-time.js'
import { type AttemptFailure, countsSince, type RunCounts } from './outcome-log.js'
import { silentLogger } from './silent-logger.js'
import { TestWorker } from './test-worker.js'

export interface TestAppOptions {
  /** When the clock starts. Default: now, by the real clock. It then stands still until `advance`. */
  readonly now?: Date
  /** Handlers at once. Default 1: one after the other, in order. */
  readonly concurrency?: number
  /** What jitter is computed from, 0 … 1. Default: always 0.5. */
  readonly random?: () => number
  /** How much real time `drain`, and each step of `advance`, may take. Default '4s'. */
  readonly timeout?: Duration
  /** For how much real time `advance` waits for a handler in which nothing happens, before it moves the clock. Default '200ms'. */
  readonly patience?: Duration
  /** Default: silence. */
  readonly logger?: Logger
}

const KNOWN = [
  'now',
  'concurrency',
  'random',
  'timeout',
  'patience',
  'logger',
] as const satisfies readonly (keyof TestAppOptions)[]
const LOOK_AGAIN_MS = 1_000
let apps = 0

/**
 * Puts an app under test until `close`: its broker is in memory and empty, its clock stands still. One test at a time per app; other
 * apps are not touched. Throws `InvalidOptionError`.
 */
export function testApp(app: App, options: TestAppOptions = {}): TestApp {
  return new TestApp(app, options)
}

export class TestApp implements AsyncDisposable {
  readonly app: App
  readonly #time: FakeTime
  readonly #log: EnqueueLog
  readonly #worker: TestWorker
  readonly #dispatch: () => Promise<DueDispatch>
  readonly #limits: { readonly timeoutMs: number; readonly patienceMs: number }
  readonly #close: () => Promise<void>

  /** Use `testApp`. */
  constructor(app: App, options: TestAppOptions) {
    checkOptions(options, 'testApp', KNOWN)
    const { now = new Date(), concurrency = 1, random = () => 0.5, logger = silentLogger } = options
    this.#limits = {
      timeoutMs: parseDuration(options.timeout ?? '4s', 'timeout'),
      patienceMs: parseDuration(options.patience ?? '200ms', 'patience'),
    }
    this.app = app
    this.#time = new FakeTime(checkNow(now))
    this.#log = new EnqueueLog(this.#time, app)
    // A prefix of its own: brokers in memory of one app and prefix share their jobs.
    const opened = openMemoryBroker({ app: app.name, prefix: `test-${++apps}`, clock: this.#time })
    const broker = this.#log.around(opened)
    const restore = app.substitute({ broker, clock: this.#time, logger })
    this.#worker = new TestWorker({ app, broker, time: this.#time, concurrency, random })
    let dispatch: Promise<DueDispatch> | undefined
    this.#dispatch = () => {
      dispatch ??= broker.dispatch
        .mintEpoch(0, { candidate: 'test', host: 'test', pid: process.pid })
        .then((epoch: Epoch) => new DueDispatch({ broker, epoch, clock: this.#time, logger }))
      return dispatch
    }
    this.#close = async () => {
      await this.#worker.stop()
      restore()
      await opened.close()
    }
  }

  /** What the clock of the app, its broker and its workers shows. `Date.now()` is not touched. */
  now(): Date {
    return new Date(this.#time.now())
  }

  /**
   * Runs what is ready, and what that enqueues, until nothing is; the clock stands still. Resolves with how attempts ended: a job that
   * fails rejects nothing. Rejects when there is no end within `timeout` of real time.
   */
  async drain(): Promise<RunCounts> {
    const before = this.#worker.outcomes.counts
    await this.#settle({ ...this.#limits, patienceMs: Number.POSITIVE_INFINITY })
    return countsSince(before, this.#worker.outcomes.counts)
  }

  /**
   * Moves the clock, from one moment at which something is due to the next: delays, retries, schedules, timeouts; what becomes ready
   * runs before the clock moves on. Resolves and rejects as `drain` does.
   */
  async advance(by: Duration): Promise<RunCounts> {
    const before = this.#worker.outcomes.counts
    const target = this.#time.now() + parseDuration(by, 'advance')
    await this.#settle(this.#limits)
    for (;;) {
      const next = await this.#nextAt()
      if (next === undefined || next > target) break
      this.#time.moveTo(next)
      await this.#settle(this.#limits)
    }
    this.#time.moveTo(target)
    await this.#settle(this.#limits)
    return countsSince(before, this.#worker.outcomes.counts)
  }

  /** What was enqueued since the start or `clear`, in order: by callers, handlers, workflows and schedules; of one task where named. */
  enqueued(): readonly EnqueuedJob[]
  enqueued<Input>(task: TaskOf<Input>): readonly EnqueuedJob<Input>[]
  enqueued(task?: TaskOf<unknown>): readonly EnqueuedJob[] {
    return task === undefined ? this.#log.jobs : this.#log.jobs.filter((job) => job.task === task.name)
  }

  /**
   * Throws, and says what was enqueued instead, unless a job of the task was (or just `times` were), its input having what `input` has.
   * With vitest: `expect(t).toHaveEnqueued(…)`.
   */
  assertEnqueued<Input>(task: TaskOf<Input>, input?: Wanted<Input>, options: { readonly times?: number } = {}): void {
    const { times } = options
    const found = findEnqueued(this.#log.jobs, { task, input, hasInput: input !== undefined })
    if (times === undefined ? found.matching.length > 0 : found.matching.length === times) return
    throw new Error(wantedText(found, { task, input, times, not: false }))
  }

  /** Attempts that failed since the start or `clear`, with their errors; oldest first. */
  failures(): readonly AttemptFailure[] {
    return this.#worker.outcomes.failures
  }

  /** Forgets what was enqueued and what failed; jobs stay. */
  clear(): void {
    this.#log.clear()
    this.#worker.outcomes.clear()
  }

  /** Drops all jobs and gives the app its own broker back. Handlers that still run are aborted. Safe to repeat. */
  close(): Promise<void> {
    return this.#close()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  async #settle(limits: { readonly timeoutMs: number; readonly patienceMs: number }): Promise<void> {
    await this.#worker.start()
    const dispatch = await this.#dispatch()
    await this.#worker.idle(limits)
    while (await dispatch.run()) await this.#worker.idle(limits)
  }

  async #nextAt(): Promise<number | undefined> {
    const planned = await (await this.#dispatch()).nextAt()
    const now = this.#time.now()
    // While nothing runs, no timer of the worker is worth a stop: those that measure its own health ring as the clock passes.
    const runs = this.#worker.outcomes.running.size > 0
    const timer = (runs ? this.#time.nextAt() : undefined) ?? Number.POSITIVE_INFINITY
    // What is due and could not be done when everything was settled is tried again, but may not hold the clock.
    const next = Math.min(timer, planned === undefined ? timer : planned > now ? planned : now + LOOK_AGAIN_MS)
    return next === Number.POSITIVE_INFINITY ? undefined : next
  }
}

/** A part of an input; matchers such as `expect.any(String)` may stand anywhere in it. */
export type Wanted<Input> = unknown extends Input
  ? unknown
  : Input extends readonly unknown[]
    ? { readonly [K in keyof Input]: Wanted<Input[K]> }
    : Input extends object
      ? { readonly [K in keyof Input]?: Wanted<Input[K]> }
      : Input

function checkNow(now: Date): number {
  const at = now instanceof Date ? now.getTime() : Number.NaN
  if (Number.isFinite(at)) return at
  throw new InvalidOptionError({ option: 'testApp.now', found: now, expected: 'a valid Date' })
}
