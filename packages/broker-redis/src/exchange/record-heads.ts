import type { FailureRecord } from '@millrace/core'

/**
 * The texts of failure records, each cut into a head and what is its own: which attempt, and when. Jobs of one exchange mostly fail of the
 * same, and what they failed of, a stack above all, is nearly all of a record: it travels once.
 */
export class RecordHeads {
  /** The JSON of each record up to its `attempt`, those of equal neighbours once. */
  readonly texts: string[] = []
  #last: FailureRecord | undefined

  /** The head's number, from 1, and the rest of the text behind it. */
  recordOf(failure: FailureRecord): string {
    if (this.#last === undefined || !failedOfTheSame(failure, this.#last)) {
      const { attempt: _attempt, at: _at, ...head } = failure
      this.texts.push(JSON.stringify(head).slice(0, -1))
      this.#last = failure
    }
    return `${this.texts.length},${JSON.stringify({ attempt: failure.attempt, at: failure.at }).slice(1)}`
  }
}

function failedOfTheSame(one: FailureRecord, other: FailureRecord): boolean {
  return (
    one.name === other.name &&
    one.message === other.message &&
    one.reason === other.reason &&
    one.data === undefined &&
    other.data === undefined &&
    one.stack === other.stack
  )
}
