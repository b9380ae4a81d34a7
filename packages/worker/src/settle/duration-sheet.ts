import { DURATION_BOUNDS_MS, type TaskDurations } from '@millrace/broker'

interface Line {
  readonly task: string
  sumMs: number
  readonly counts: number[]
}

/** How long a worker's attempts took since it last told, one line per task. */
export class DurationSheet {
  #lines = new Map<string, Line>()
  #last: Line | undefined

  add(task: string, ms: number): void {
    let line = this.#last
    if (line === undefined || line.task !== task) line = this.#lineOf(task)
    let bucket = 0
    while (bucket < DURATION_BOUNDS_MS.length && ms > (DURATION_BOUNDS_MS[bucket] as number)) bucket += 1
    line.sumMs += ms
    line.counts[bucket] = (line.counts[bucket] as number) + 1
  }

  /** Nothing was counted since the last `take`. */
  get empty(): boolean {
    return this.#lines.size === 0
  }

  /** The lines so far; the sheet is clean afterwards. */
  take(): readonly TaskDurations[] {
    const lines = [...this.#lines.values()].map((line) => ({ ...line, sumMs: Math.round(line.sumMs) }))
    this.#lines.clear()
    this.#last = undefined
    return lines
  }

  /** What could not be told is told with the rest. */
  putBack(lines: readonly TaskDurations[]): void {
    for (const { task, sumMs, counts } of lines) {
      const line = this.#lineOf(task)
      line.sumMs += sumMs
      for (const [bucket, count] of counts.entries()) line.counts[bucket] = (line.counts[bucket] as number) + count
    }
  }

  #lineOf(task: string): Line {
    let line = this.#lines.get(task)
    if (line === undefined) {
      line = { task, sumMs: 0, counts: new Array<number>(DURATION_BOUNDS_MS.length + 1).fill(0) }
      this.#lines.set(task, line)
    }
    this.#last = line
    return line
  }
}
