import type { TaskTally } from '@millrace/broker'
import type { Verdict } from '@millrace/core'

interface Line {
  readonly task: string
  succeeded: number
  retried: number
  failed: number
  busyMs: number
}

/** What a seat's attempts came to since the last exchange, one line per task. */
export class TallySheet {
  #lines = new Map<string, Line>()
  #last: Line | undefined

  add(task: string, verdict: Verdict, busyMs: number): void {
    let line = this.#last
    if (line === undefined || line.task !== task) line = this.#lineOf(task)
    line.busyMs += busyMs
    if (verdict.kind === 'succeed') line.succeeded += 1
    else if (verdict.kind === 'retry') line.retried += 1
    else if (verdict.kind === 'fail') line.failed += 1
  }

  /** The lines so far, if any; the sheet is clean afterwards. */
  take(): readonly TaskTally[] | undefined {
    if (this.#last === undefined) return undefined
    const lines = [...this.#lines.values()]
    // Not cleared: what a table was cleared of is kept by the old one, see `Roster`.
    this.#lines = new Map()
    this.#last = undefined
    return lines
  }

  #lineOf(task: string): Line {
    let line = this.#lines.get(task)
    if (line === undefined) {
      line = { task, succeeded: 0, retried: 0, failed: 0, busyMs: 0 }
      this.#lines.set(task, line)
    }
    this.#last = line
    return line
  }
}
