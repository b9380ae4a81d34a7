import type { Duration } from '@millrace/core'

/** One id for one job, by a key that its caller chooses. */
export interface UniqueOptions {
  /** Not empty; with the task's name at most 512 bytes. */
  readonly key: string
  /** Until the key is free again at the latest. Default: until the job ends (or starts, see `until`). */
  readonly for?: Duration
  /** What frees the key: the job's end, or its start. Default 'done'. */
  readonly until?: 'done' | 'started'
  /** When another job holds the key: return its handle, or throw `UniqueConflictError`. Default 'return'. */
  readonly onConflict?: 'return' | 'throw'
}

/** What holds for each job of an `enqueueMany`. */
export interface EnqueueManyOptions {
  /** Ready after so long, by the broker's clock. Not together with `at`. */
  readonly delay?: Duration
  /** Ready at this instant: a Date, or ms since the epoch. */
  readonly at?: Date | number
  /** Not started within so long of its arrival: never runs. Default: the task's. */
  readonly expires?: Duration
  /** −100 … 100, higher first. Default 0. */
  readonly priority?: number
  /** Travel with the job: `ctx.headers`. Strings only, at most 16 KiB in all. */
  readonly headers?: Readonly<Record<string, string>>
  /** Jobs of one key go to one lane (by hash), in order. Default: any lane. */
  readonly key?: string
  /** Timeout of each attempt of this call. Default: the task's. */
  readonly timeout?: Duration
}

export interface EnqueueOptions extends EnqueueManyOptions {
  /** The caller's id: refused as a duplicate while it lives and for 24 h after. 1 … 200 characters, no white space. */
  readonly id?: string
  readonly unique?: UniqueOptions
}

export const ENQUEUE_MANY_OPTIONS = [
  'delay',
  'at',
  'expires',
  'priority',
  'headers',
  'key',
  'timeout',
] as const satisfies readonly (keyof EnqueueManyOptions)[]

export const ENQUEUE_OPTIONS = [
  ...ENQUEUE_MANY_OPTIONS,
  'id',
  'unique',
] as const satisfies readonly (keyof EnqueueOptions)[]
export const UNIQUE_OPTIONS = ['key', 'for', 'until', 'onConflict'] as const satisfies readonly (keyof UniqueOptions)[]
