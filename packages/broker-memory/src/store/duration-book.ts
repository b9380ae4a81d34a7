import { MAX_DURATION_TASKS, type TaskDurations } from '@millrace/broker'

const SILENT_MS = 86_400_000
const OTHER = '(other)'

/** How long attempts took, per task name. */
export class DurationBook {
  /** The one that was silent for longest first. */
  readonly #tasks = new Map<string, { readonly sum: TaskDurations; readonly at: number }>()
  #other: TaskDurations | undefined

  count(now: number, durations: readonly TaskDurations[]): void {
    for (const each of durations) {
      const known = this.#tasks.get(each.task)
      if (known === undefined && !this.#hasRoom(now)) {
        this.#other = add(this.#other, { ...each, task: OTHER })
        continue
      }
      this.#tasks.delete(each.task)
      this.#tasks.set(each.task, { sum: add(known?.sum, each), at: now })
    }
  }

  read(): readonly TaskDurations[] {
    const sums = [...this.#tasks.values()].map(({ sum }) => sum)
    return this.#other === undefined ? sums : [...sums, this.#other]
  }

  #hasRoom(now: number): boolean {
    if (this.#tasks.size < MAX_DURATION_TASKS) return true
    const [oldest] = this.#tasks
    if (oldest === undefined || oldest[1].at > now - SILENT_MS) return false
    return this.#tasks.delete(oldest[0])
  }
}

function add(sum: TaskDurations | undefined, more: TaskDurations): TaskDurations {
  if (sum === undefined) return more
  return {
    task: more.task,
    sumMs: sum.sumMs + more.sumMs,
    counts: more.counts.map((count, bucket) => count + (sum.counts[bucket] ?? 0)),
  }
}
