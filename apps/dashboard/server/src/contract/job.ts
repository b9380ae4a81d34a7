import { z } from 'zod'
import { instantSchema } from './names.js'
import { cursorSchema, limitSchema } from './paging.js'
import { MAX_QUERY_CHARACTERS } from './query-line/job-filter.js'
import { JOB_STATES } from './query-line/job-states.js'

export { JOB_STATES, type JobState } from './query-line/job-states.js'

export const FAILURE_REASONS = [
  'error',
  'fatal',
  'timeout',
  'retry-asked',
  'malformed',
  'invalid-input',
  'invalid-output',
  'unknown-task',
  'poison',
  'lease-lost',
  'upstream-failed',
] as const

/** What went wrong in one attempt. Where the task is redacted, texts are `[redacted]` and `data` is null. */
export const failureSchema = z.object({
  name: z.string(),
  message: z.string(),
  stack: z.string().nullable(),
  /** What the handler attached. */
  data: z.unknown(),
  /** One of `FAILURE_REASONS`; later releases may know more. */
  reason: z.string(),
  /** Starts at 1; 0 outside any attempt. */
  attempt: z.number(),
  at: instantSchema,
})

export type Failure = z.infer<typeof failureSchema>

export const jobSummarySchema = z.object({
  id: z.string(),
  queue: z.string(),
  lane: z.number(),
  state: z.enum([...JOB_STATES, 'unknown']),
  /** Null when its message is gone or malformed. */
  task: z.string().nullable(),
  enqueuedAt: instantSchema.nullable(),
  /** Attempts that have ended. */
  attemptsUsed: z.number(),
  /** Attempts in all; null where the dashboard does not know the task's policy. */
  attemptsMax: z.number().nullable(),
  crashes: z.number(),
  /** −100 … 100, higher first. */
  priority: z.number(),
  /** When it becomes ready, for `scheduled` and `retrying`. */
  dueAt: instantSchema.nullable(),
  failedAt: instantSchema.nullable(),
  /** Cancel was asked while it ran. */
  cancelAsked: z.boolean(),
  malformed: z.boolean(),
  lastFailure: failureSchema.nullable(),
  /** Of its last failure; jobs that failed alike have the same. */
  fingerprint: z.string().nullable(),
})

export type JobSummary = z.infer<typeof jobSummarySchema>

export const jobQuerySchema = z.strictObject({
  /** A query line, see `parseQueryLine`. */
  q: z.string().max(MAX_QUERY_CHARACTERS).default(''),
  limit: limitSchema(50),
  cursor: cursorSchema.optional(),
})

export const jobPageSchema = z.object({
  jobs: z.array(jobSummarySchema),
  /** Null on the last page. A page may be short, even empty, and still have one: the search did its bounded work. */
  cursor: z.string().nullable(),
  /** Jobs looked at for this page. */
  scanned: z.number(),
})

export type JobPage = z.infer<typeof jobPageSchema>

export const timelineEntrySchema = z.object({
  at: instantSchema,
  what: z.enum([
    'enqueued',
    'attempt-failed',
    'due',
    'failed',
    'succeeded',
    'cancelled',
    'expired',
    'running',
    'ready',
  ]),
  /** Which attempt; null where it is about none. */
  attempt: z.number().nullable(),
  /** One phrase. */
  text: z.string(),
})

export type TimelineEntry = z.infer<typeof timelineEntrySchema>

export const jobDetailSchema = jobSummarySchema.extend({
  /** As the caller gave it; null when the message is gone. */
  input: z.unknown(),
  headers: z.record(z.string(), z.string()),
  /** Failures of its attempts, oldest first; the store keeps 16 KiB. */
  history: z.array(failureSchema),
  /** Once it has ended, as long as it is kept. */
  result: z
    .discriminatedUnion('state', [
      z.object({ state: z.literal('succeeded'), kept: z.boolean(), output: z.unknown() }),
      z.object({ state: z.literal('failed'), failure: failureSchema, attempts: z.number() }),
      z.object({ state: z.literal('cancelled') }),
      z.object({ state: z.literal('expired') }),
    ])
    .nullable(),
  /** What the handler last reported; null where nothing is kept. */
  progress: z.object({ value: z.unknown(), at: instantSchema }).nullable(),
  /** What the handler logged, `info` and above, oldest first; null where nothing is kept. */
  log: z
    .object({
      lines: z.array(z.object({ at: instantSchema, level: z.string(), attempt: z.number(), text: z.string() })),
      /** Older lines that are not kept: the store keeps 16 KiB a job. */
      dropped: z.number(),
    })
    .nullable(),
  /** Other queues where a job of the same id left a trace. */
  alsoIn: z.array(z.string()),
  /** What is known to have happened, and when; oldest first. `due` may lie ahead. */
  timeline: z.array(timelineEntrySchema),
  lineage: z.object({
    /** The job that waits for this one's output. */
    next: z.object({ id: z.string(), queue: z.string() }).nullable(),
    /** Upstream jobs that it waits for; null for a job that waits for none. */
    waitsFor: z.number().nullable(),
    /** The schedule that made it. */
    schedule: z.object({ name: z.string(), tick: z.string().nullable() }).nullable(),
  }),
  /** Paths that are hidden from everybody here, e.g. `input.password`. */
  redacted: z.array(z.string()),
})

export type JobDetail = z.infer<typeof jobDetailSchema>
