/** Milliseconds on a monotonic clock that all threads of this process share. */
export function processMonotonicMs(): number {
  return Number(process.hrtime.bigint() / 1_000n) / 1_000
}

/**
 * What the main thread and the lease keeper thread tell each other without waiting for each other: that the main
 * thread lives, and until when each side has extended a lease. Written by either side in the middle of anything, so each
 * figure has one writer. Times are whole ms of `processMonotonicMs`.
 */
export class SharedLeases {
  readonly #times: BigInt64Array

  constructor(
    readonly memory: SharedArrayBuffer,
    readonly slots: number,
  ) {
    this.#times = new BigInt64Array(memory, 0, 1 + 2 * slots)
  }

  static allocate(slots: number): SharedLeases {
    return new SharedLeases(new SharedArrayBuffer(8 * (1 + 2 * slots)), slots)
  }

  /** The main thread is alive. */
  tick(now: number): void {
    Atomics.store(this.#times, 0, BigInt(Math.floor(now)))
  }

  lastTick(): number {
    return Number(Atomics.load(this.#times, 0))
  }

  reset(slot: number): void {
    this.setMainDeadline(slot, 0)
    this.setThreadDeadline(slot, 0)
  }

  setMainDeadline(slot: number, endsAt: number): void {
    Atomics.store(this.#times, 1 + 2 * slot, BigInt(Math.floor(endsAt)))
  }

  setThreadDeadline(slot: number, endsAt: number): void {
    Atomics.store(this.#times, 2 + 2 * slot, BigInt(Math.floor(endsAt)))
  }

  threadDeadline(slot: number): number {
    return Number(Atomics.load(this.#times, 2 + 2 * slot))
  }

  /** The later of both sides. */
  deadline(slot: number): number {
    return Math.max(Number(Atomics.load(this.#times, 1 + 2 * slot)), this.threadDeadline(slot))
  }
}
