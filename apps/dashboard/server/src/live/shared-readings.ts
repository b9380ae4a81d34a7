import type { Clock } from '@millrace/core'

const MAX_ENTRIES = 500

interface Reading {
  readonly until: number
  readonly value: Promise<unknown>
}

/**
 * Readings of the broker that everybody shares: who asks for the same within its time gets the same answer, also while it is on its
 * way. So many viewers of a page cost the broker what one does.
 */
export class SharedReadings {
  readonly #readings = new Map<string, Reading>()

  constructor(private readonly clock: Clock) {}

  /** `key` names what is read with all that it depends on. A reading that fails is not kept. */
  read<Value>(key: string, forMs: number, read: () => Promise<Value>): Promise<Value> {
    const known = this.#readings.get(key)
    if (known !== undefined && known.until > this.clock.monotonic()) return known.value as Promise<Value>
    const value = read()
    const reading: Reading = { until: this.clock.monotonic() + forMs, value }
    this.#readings.delete(key)
    this.#readings.set(key, reading)
    value.catch(() => {
      if (this.#readings.get(key) === reading) this.#readings.delete(key)
    })
    const oldest = this.#readings.size > MAX_ENTRIES ? this.#readings.keys().next().value : undefined
    if (oldest !== undefined) this.#readings.delete(oldest)
    return value
  }

  /** Something changed: what was read before does not show it. `start`: only keys that begin so. */
  forget(start = ''): void {
    for (const key of this.#readings.keys()) if (key.startsWith(start)) this.#readings.delete(key)
  }
}
