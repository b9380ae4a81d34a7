import type { ConsumerPort, Lane } from '@millrace/broker'
import type { Clock } from '@millrace/core'
import type { TimerSource } from '../timer-source.js'
import { call } from './bounded-call.js'

/** Wakes that led to nothing may follow each other this often before they are slowed down. */
const FREE_FRUITLESS = 3
const MAX_PAUSE_MS = 50
/** A wait that lasted this long is no sign of a driver that answers without waiting. */
const HONEST_WAIT_MS = 250

/** Waits for work in lanes that had none. One wait at a time; restarted when it must cover more lanes. */
export class WakeWatch {
  #waiting: AbortController | undefined
  #covered: readonly Lane[] = []
  #pausing = false
  #fruitless = 0

  constructor(
    private readonly consumer: ConsumerPort,
    private readonly time: { readonly timers: TimerSource; readonly clock: Clock },
    /** `hinted` false: nothing was heard for a while, so look anyway. */
    private readonly woken: (lanes: readonly Lane[], hinted: boolean) => void,
  ) {}

  /** Work was found: wakes are worth something again. */
  fruitful(): void {
    this.#fruitless = 0
  }

  /** Makes sure that all these lanes are waited for; a wait that covers more goes on. */
  cover(lanes: readonly Lane[]): void {
    if (lanes.length === 0 || this.#pausing) return
    if (this.#waiting !== undefined) {
      if (lanes.every((lane) => this.#covered.includes(lane))) return
      this.stop()
    }
    this.#wait(lanes)
  }

  stop(): void {
    this.#waiting?.abort()
    this.#waiting = undefined
  }

  #wait(lanes: readonly Lane[]): void {
    const waiting = new AbortController()
    this.#waiting = waiting
    this.#covered = lanes
    const since = this.time.clock.monotonic()
    const done = (hinted: boolean) => {
      if (this.#waiting !== waiting) return
      this.#fruitless = this.time.clock.monotonic() - since >= HONEST_WAIT_MS ? 0 : this.#fruitless + 1
      const pauseMs =
        this.#fruitless <= FREE_FRUITLESS ? 0 : Math.min(MAX_PAUSE_MS, 2 ** (this.#fruitless - FREE_FRUITLESS))
      if (pauseMs === 0) {
        this.#waiting = undefined
        this.woken(lanes, hinted)
        return
      }
      this.#pausing = true
      this.time.timers.after(pauseMs, () => {
        this.#pausing = false
        const current = this.#waiting === waiting
        if (current) this.#waiting = undefined
        this.woken(current ? lanes : [], hinted)
      })
    }
    // The port promises not to reject; a driver that does is treated as a wait that heard nothing.
    call(() => this.consumer.waitForWork(lanes, waiting.signal)).then(done, () => done(false))
  }
}
