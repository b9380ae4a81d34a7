import type { Clock } from '@millrace/core'

const WINDOW_MS = 60_000
/** Tries a minute from one address at one name, and from one address at all. */
const MAX_PER_NAME = 5
const MAX_PER_ADDRESS = 20
/** After each full window of refusals the next one is twice as long, at most an hour. */
const MAX_DELAY_MS = 3_600_000
/** Addresses and names remembered; the oldest go first. */
const MAX_REMEMBERED = 10_000

interface Tries {
  since: number
  count: number
  /** Windows in a row that were used up. */
  strikes: number
}

/** Slows down who guesses passwords: per name and address, and per address. */
export class LoginLimiter {
  readonly #tries = new Map<string, Tries>()

  constructor(private readonly clock: Clock) {}

  /** Counts a try. Answers 0, or how long to wait, ms; then the try must not be made. */
  try(name: string, address: string): number {
    const waits = [this.#count(`a\n${address}`, MAX_PER_ADDRESS), this.#count(`n\n${address}\n${name}`, MAX_PER_NAME)]
    return Math.max(...waits)
  }

  /** The password was right: what was tried before is forgotten. */
  succeeded(name: string, address: string): void {
    this.#tries.delete(`n\n${address}\n${name}`)
  }

  #count(key: string, most: number): number {
    const now = this.clock.monotonic()
    const known = this.#tries.get(key)
    const tries = known ?? { since: now, count: 0, strikes: 0 }
    const length = Math.min(MAX_DELAY_MS, WINDOW_MS * 2 ** tries.strikes)
    if (now - tries.since >= length) {
      const quiet = now - tries.since >= length + MAX_DELAY_MS
      tries.strikes = quiet || tries.count < most ? 0 : tries.strikes + 1
      tries.since = now
      tries.count = 0
    }
    // The end of the map is the last one used.
    this.#tries.delete(key)
    this.#tries.set(key, tries)
    const oldest = this.#tries.size > MAX_REMEMBERED ? this.#tries.keys().next().value : undefined
    if (oldest !== undefined) this.#tries.delete(oldest)
    if (tries.count >= most)
      return Math.ceil(tries.since + Math.min(MAX_DELAY_MS, WINDOW_MS * 2 ** tries.strikes) - now)
    tries.count += 1
    return 0
  }
}
