export interface Screen {
  readonly isTTY?: boolean
  readonly columns?: number
  write(text: string): unknown
}

const REDRAW_MS = 100
const BAR = 24

/**
 * A bar on the terminal's last line while long work goes on; nothing where there is no terminal. `total` is as known at the
 * start and may turn out too small.
 */
export class Progress {
  #drawnAt = Number.NEGATIVE_INFINITY
  #drawn = false

  constructor(
    private readonly what: string,
    private readonly total: number | undefined,
    private readonly screen: Screen = process.stderr,
    private readonly now: () => number = () => performance.now(),
  ) {}

  show(count: number): void {
    if (this.screen.isTTY !== true || this.now() - this.#drawnAt < REDRAW_MS) return
    this.#drawnAt = this.now()
    this.#drawn = true
    this.screen.write(`\r\u001b[K${this.#line(count).slice(0, (this.screen.columns ?? 80) - 1)}`)
  }

  /** Takes the bar away. */
  end(): void {
    if (this.#drawn) this.screen.write('\r\u001b[K')
    this.#drawn = false
  }

  #line(count: number): string {
    const done = count.toLocaleString('en-US')
    if (this.total === undefined || this.total === 0) return `${done} ${this.what}`
    const share = Math.min(1, count / this.total)
    const full = Math.round(share * BAR)
    const most = Math.max(this.total, count).toLocaleString('en-US')
    return `[${'#'.repeat(full)}${'-'.repeat(BAR - full)}] ${Math.floor(share * 100)} %  ${done} of ${most} ${this.what}`
  }
}
