/** A timer that was armed. */
export interface Timer {
  cancel(): void
}

/** Where timers come from; passed in so that tests can move time. */
export interface TimerSource {
  /** Calls `fn` once after `ms`. Does not keep the process alive unless `keepAlive`. */
  after(ms: number, fn: () => void, keepAlive?: boolean): Timer
  /** Calls `fn` once what runs now and the promises that it settled are through, before I/O has its turn. */
  next(fn: () => void): void
  /** Calls `fn` once I/O had its turn. */
  soon(fn: () => void): void
}

export const systemTimers: TimerSource = {
  after(ms, fn, keepAlive = false) {
    const timer = setTimeout(fn, ms)
    if (!keepAlive) timer.unref()
    return { cancel: () => clearTimeout(timer) }
  },
  next(fn) {
    process.nextTick(fn)
  },
  soon(fn) {
    setImmediate(fn)
  },
}
