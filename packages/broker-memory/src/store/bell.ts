/**
 * A wake signal: wakes all who listen, or, when nobody does, the next one who comes. Never counts: ringing twice
 * before somebody listens is ringing once.
 */
export class Bell {
  readonly #listeners = new Set<() => void>()
  #rung = false

  ring(): void {
    if (this.#listeners.size === 0) {
      this.#rung = true
      return
    }
    const listeners = [...this.#listeners]
    this.#listeners.clear()
    for (const listener of listeners) listener()
  }

  /** True when it rang with nobody listening; silences it. */
  take(): boolean {
    const rung = this.#rung
    this.#rung = false
    return rung
  }

  listen(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
}

/** Waits for one of the bells: true when it rang, false after `ms` or when a signal aborts. */
export function waitForBell(bells: readonly Bell[], ms: number, signals: readonly AbortSignal[]): Promise<boolean> {
  if (signals.some((signal) => signal.aborted)) return Promise.resolve(false)
  // All are silenced: the caller looks at all of its lanes.
  if (bells.map((bell) => bell.take()).includes(true)) return Promise.resolve(true)
  return new Promise((resolve) => {
    const end = (rang: boolean) => {
      clearTimeout(timer)
      for (const stop of stops) stop()
      for (const signal of signals) signal.removeEventListener('abort', aborted)
      resolve(rang)
    }
    const aborted = () => end(false)
    const timer = setTimeout(aborted, ms)
    const stops = bells.map((bell) => bell.listen(() => end(true)))
    for (const signal of signals) signal.addEventListener('abort', aborted, { once: true })
  })
}
