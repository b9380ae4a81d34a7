/** Random figures that a seed repeats: a run's schedule of faults, not its timing. */
export class SeededRandom {
  #state: number

  constructor(readonly seed: number) {
    this.#state = seed >>> 0
  }

  /** 0 (included) … 1 (excluded). Mulberry32. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0
    let t = this.#state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }

  /** A number from `from` to `to`. */
  between(from: number, to: number): number {
    return from + this.next() * (to - from)
  }

  pick<T>(list: readonly T[]): T {
    return pickAt(list, this.next())
  }

  /** Figures of their own, by the seed and a name: drawing from one does not move the other. */
  fork(name: string): SeededRandom {
    let hash = this.seed >>> 0
    for (const char of name) hash = (Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193) + 0x9e3779b9) >>> 0
    return new SeededRandom(hash)
  }
}

/** The entry of a list at a share from 0 to 1, so that one planned figure picks from whatever is there when it happens. */
export function pickAt<T>(list: readonly T[], share: number): T {
  if (list.length === 0) throw new Error('nothing to pick from')
  return list[Math.floor(share * list.length)] as T
}
