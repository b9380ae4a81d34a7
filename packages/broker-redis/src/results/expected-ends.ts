import { KeyedRoster } from '@millrace/core'

/** More are forgotten, the oldest first: they are asked for as if they had never been expected. */
const MAX_EXPECTED = 1_000

interface Expected {
  /** As it was told; `undefined` while the job lives. */
  outcome: string | undefined
}

/** Jobs that this process registered for when it enqueued them, until somebody waits for them: their ends may be told before that. */
export class ExpectedEnds {
  readonly #byJob = new KeyedRoster<string, Expected>()

  add(job: string): void {
    if (this.#byJob.size >= MAX_EXPECTED) this.#byJob.delete(this.#byJob.firstKey() as string)
    this.#byJob.set(job, { outcome: undefined })
  }

  /** `outcome` is empty where it was too long to be told: then it must be read. */
  ended(job: string, outcome: string): void {
    const expected = this.#byJob.get(job)
    if (expected === undefined) return
    if (outcome === '') this.#byJob.delete(job)
    else expected.outcome = outcome
  }

  /** Whoever takes it is told from now on. */
  take(job: string): Expected | undefined {
    const expected = this.#byJob.get(job)
    if (expected !== undefined) this.#byJob.delete(job)
    return expected
  }

  /** Something may have been missed: nothing is certain any more. */
  clear(): void {
    this.#byJob.clear()
  }
}
