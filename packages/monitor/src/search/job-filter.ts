import type { JobState } from '@millrace/core'
import type { JobSummary } from '../job-view.js'
import { fingerprintOf } from './fingerprint.js'
import { matchGlob } from './match-glob.js'

/** Which jobs. An empty or absent list is no condition; all conditions have to hold. */
export interface JobFilter {
  /** Any of these; `*` stands for any characters. */
  readonly tasks?: readonly string[]
  /** Any of these; `*` stands for any characters. */
  readonly queues?: readonly string[]
  readonly states?: readonly JobState[]
  readonly ids?: readonly string[]
  /** Each is part of the last failure's name or message, whatever the case. */
  readonly errors?: readonly string[]
  /** Of the last failure, see `fingerprintOf`. */
  readonly fingerprints?: readonly string[]
  /** Each is part of the id, the task, or the last failure, whatever the case. */
  readonly texts?: readonly string[]
}

/** Whether only the job itself can tell if it fits; queue and state are known from where it is. */
export function looksInside(filter: JobFilter): boolean {
  const { tasks, ids, errors, fingerprints, texts } = filter
  return [tasks, ids, errors, fingerprints, texts].some((list) => (list?.length ?? 0) > 0)
}

export function fitsQueue(filter: JobFilter, queue: string): boolean {
  return fitsAny(filter.queues, (pattern) => matchGlob(pattern, queue))
}

/** All conditions but queue and state. */
export function fitsInside(filter: JobFilter, job: JobSummary): boolean {
  const { id, task, lastFailure } = job
  const failure = lastFailure === null ? '' : `${lastFailure.name}: ${lastFailure.message}`.toLowerCase()
  const holds = (text: string, part: string) => text.includes(part.toLowerCase())
  return (
    fitsAny(filter.tasks, (pattern) => task !== null && matchGlob(pattern, task)) &&
    fitsAny(filter.ids, (wanted) => wanted === id) &&
    fitsAny(filter.fingerprints, (wanted) => lastFailure !== null && wanted === fingerprintOf(task, lastFailure)) &&
    (filter.errors ?? []).every((part) => holds(failure, part)) &&
    (filter.texts ?? []).every(
      (part) => holds(failure, part) || holds(id.toLowerCase(), part) || holds((task ?? '').toLowerCase(), part),
    )
  )
}

function fitsAny<Wanted>(list: readonly Wanted[] | undefined, fits: (wanted: Wanted) => boolean): boolean {
  return list === undefined || list.length === 0 || list.some(fits)
}
