import { availableParallelism } from 'node:os'

/** What makes a wait short. */
const SHORT_MS = 0.5
/** Short waits in a row before the first one that is not slept through. */
const ROW = 16

/**
 * Looks at the sockets again and again, in place of sleeping until they wake us, while somebody makes one call after the other: falling
 * asleep and being woken takes longer than a near server needs for the answer. All other work of the process goes on
 * between two looks. Only where calls follow each other within half a millisecond and are answered as fast, `ROW` times running: a process
 * that is idle, or whose server is far, slow or short of processor time, sleeps. (The adaptive spinning of mutexes, for replies.)
 */
export class BusyPoll {
  readonly #clock: () => number
  readonly #worthIt: boolean
  #row = 0
  #answeredAt = Number.NEGATIVE_INFINITY
  #open = 0
  #until = 0
  #looking = false

  /** Where there is one processor, whoever looks keeps the server from answering. */
  constructor(clock: () => number = () => performance.now(), processors: number = availableParallelism()) {
    this.#clock = clock
    this.#worthIt = processors > 1
  }

  get looking(): boolean {
    return this.#looking
  }

  /** A call was written at `now`. */
  sent(now: number): void {
    this.#open += 1
    if (now - this.#answeredAt > SHORT_MS) this.#row = 0
    if (this.#row < ROW || !this.#worthIt) return
    this.#until = now + SHORT_MS
    if (this.#looking) return
    this.#looking = true
    setImmediate(this.#look)
  }

  /** It has its reply, or will have none. */
  ended(sentAt: number): void {
    this.#open -= 1
    this.#answeredAt = this.#clock()
    if (this.#answeredAt - sentAt > SHORT_MS) this.#row = 0
    else this.#row += 1
  }

  readonly #look = (): void => {
    if (this.#open > 0 && this.#clock() < this.#until) setImmediate(this.#look)
    else this.#looking = false
  }
}
