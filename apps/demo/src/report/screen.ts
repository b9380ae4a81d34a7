/** Where lines go: a terminal, a pipe, a test. */
export interface ScreenTarget {
  readonly isTTY?: boolean
  readonly columns?: number
  write(text: string): unknown
}

/** Where nothing can be overwritten, the state is told this often, ms. */
const SPARSE_MS = 1_000
const REDRAW_MS = 80

/** Lines that stay, and below them, on a terminal, one that lives. */
export class Screen {
  readonly #target: ScreenTarget
  #live = ''
  #toldAt = Number.NEGATIVE_INFINITY

  constructor(target: ScreenTarget) {
    this.#target = target
  }

  /** A line that stays. */
  say(line = ''): void {
    this.#erase()
    this.#target.write(`${line}\n`)
    if (this.#live !== '') this.#target.write(this.#live)
  }

  /** The state of things: replaces the last one, or, on no terminal, a line every second. */
  live(line: string, now = performance.now()): void {
    if (now - this.#toldAt < (this.#target.isTTY === true ? REDRAW_MS : SPARSE_MS)) return
    this.#toldAt = now
    if (this.#target.isTTY !== true) {
      this.#target.write(`${line}\n`)
      return
    }
    this.#erase()
    // A line that wraps could not be erased.
    this.#live = line.slice(0, (this.#target.columns ?? 80) - 1)
    this.#target.write(this.#live)
  }

  /** Takes the living line away. */
  rest(): void {
    this.#erase()
    this.#live = ''
  }

  #erase(): void {
    if (this.#live !== '') this.#target.write('\r\x1b[2K')
  }
}
