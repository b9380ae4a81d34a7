import type { Broker } from '@millrace/broker'
import type { App } from 'millrace'
import { type AppWorker, createWorker } from 'millrace/worker'
import type { FakeTime } from './fake-time.js'
import { OutcomeLog } from './outcome-log.js'
import { realTime } from './real-time.js'

/** No lease ends and nothing is announced in the time that a test passes. */
const NEVER = '3650d'
const NEVER_MS = 315_360_000_000
/** Looks that wait for a turn of the event loop only; after them each waits a millisecond. */
const QUICK_LOOKS = 100
const REST_MS = 50

export interface TestWorkerSetup {
  readonly app: App
  readonly broker: Broker
  readonly time: FakeTime
  readonly concurrency: number
  readonly random: () => number
}

/** The worker under test, and the wait until it has nothing left to do. */
export class TestWorker {
  readonly outcomes = new OutcomeLog()
  readonly #setup: TestWorkerSetup
  #started: { readonly worker: AppWorker; readonly queues: string } | undefined

  constructor(setup: TestWorkerSetup) {
    this.#setup = setup
  }

  /** Serves the queues of all tasks that the app has by now. */
  async start(): Promise<void> {
    const { app, time, concurrency, random } = this.#setup
    const queues = app.registry.queues().join()
    if (this.#started?.queues === queues || queues === '') return
    await this.stop()
    const worker = createWorker(app, {
      dispatcher: false,
      concurrency,
      lease: NEVER,
      heartbeat: NEVER_MS / 2,
      maxBlock: NEVER,
      grace: 0,
      onEvent: this.outcomes.note,
      test: { clock: time, timers: time, random, announceMs: NEVER_MS },
    })
    this.#started = { worker, queues }
    await worker.start()
  }

  async stop(): Promise<void> {
    const started = this.#started
    this.#started = undefined
    if (started === undefined) return
    const stopped = started.worker.stop({ grace: 0 })
    // Handlers that ignore their abort are given up by the clock, and nobody else moves it now.
    for (let done = false; !done; ) {
      done = await Promise.race([stopped.then(() => true), realTime.pause(1).then(() => false)])
      if (!done) this.#setup.time.moveTo(this.#setup.time.now() + 1_000)
    }
  }

  /**
   * Resolves when nothing is ready and nothing runs, true; or, after `patienceMs` of real time in which nothing happened, false: what
   * runs waits for the clock. Rejects after `timeoutMs` of real time.
   */
  async idle(limits: { readonly timeoutMs: number; readonly patienceMs: number }): Promise<boolean> {
    const from = realTime.now()
    let seen = { activity: this.outcomes.activity, at: from }
    for (let look = 0; ; look += 1) {
      const { ready, running } = await this.#counts()
      if (ready === 0 && running === 0) return true
      if (this.#allHang(ready, running)) return false
      const now = realTime.now()
      const { activity } = this.outcomes
      if (activity !== seen.activity) seen = { activity, at: now }
      if (now - from > limits.timeoutMs) throw this.#stillBusy(ready, limits.timeoutMs)
      if (running > 0 && now - seen.at > limits.patienceMs) {
        for (const jobId of this.outcomes.running.keys()) this.outcomes.hanging.add(jobId)
        return false
      }
      // A worker that was woken in vain rests for some milliseconds, which do not pass here.
      if (running === 0 && look % QUICK_LOOKS === QUICK_LOOKS - 1) this.#setup.time.hurry(REST_MS)
      await (look < QUICK_LOOKS ? realTime.turn() : realTime.pause(1))
    }
  }

  #allHang(ready: number, running: number): boolean {
    const known = [...this.outcomes.running.keys()].filter((jobId) => this.outcomes.hanging.has(jobId)).length
    return known > 0 && known === running && (ready === 0 || known >= this.#setup.concurrency)
  }

  /** Jobs that this worker could take or holds. */
  async #counts(): Promise<{ readonly ready: number; readonly running: number }> {
    const { broker, app } = this.#setup
    const served = app.registry.queues()
    const sum = { ready: 0, running: 0 }
    for (const lane of await broker.inspect.lanes()) {
      if (!served.includes(lane.queue)) continue
      const { ready, suspects, running, paused } = await broker.inspect.counts(lane)
      if (!paused) sum.ready += ready + suspects
      sum.running += running
    }
    return sum
  }

  #stillBusy(ready: number, timeoutMs: number): Error {
    const running = [...this.outcomes.running.values()].map(
      ({ task, jobId, attempt }) => `${task} (job ${jobId}, attempt ${attempt})`,
    )
    const what = running.length === 0 ? `${ready} jobs wait` : `still running: ${running.join(', ')}`
    return new Error(
      `The test worker did not come to rest within ${timeoutMs} ms of real time; ${what}. A handler that waits for time goes on with t.advance(); one that waits for another job's result needs testApp(app, { concurrency: 10 }); a task that enqueues itself never ends.`,
    )
  }
}
