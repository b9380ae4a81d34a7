import type { JobState } from './job-states.js'

export const MAX_QUERY_CHARACTERS = 500
/** Terms in a line, and values in a term. */
export const MAX_QUERY_TERMS = 20

export const QUERY_KEYS = ['task', 'queue', 'state', 'id', 'error', 'fingerprint'] as const

export type QueryKey = (typeof QUERY_KEYS)[number]

/** A query line as data. An empty list is no condition; all conditions have to hold. */
export interface JobFilter {
  /** Any of these; `*` stands for any characters. */
  readonly tasks: readonly string[]
  /** Any of these; `*` stands for any characters. */
  readonly queues: readonly string[]
  readonly states: readonly JobState[]
  readonly ids: readonly string[]
  /** Each is part of the last failure's name or message, whatever the case. */
  readonly errors: readonly string[]
  readonly fingerprints: readonly string[]
  /** Each is part of the id, the task, or the last failure, whatever the case. */
  readonly texts: readonly string[]
}

export const EMPTY_QUERY: JobFilter = {
  tasks: [],
  queues: [],
  states: [],
  ids: [],
  errors: [],
  fingerprints: [],
  texts: [],
}
