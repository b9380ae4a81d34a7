import { z } from 'zod'
import { delayMsSchema, JOB_ACTIONS } from './job-action.js'
import { instantSchema, jobIdSchema, nameSchema } from './names.js'
import { MAX_QUERY_CHARACTERS } from './query-line/job-filter.js'

/** Which jobs an operation is for. */
export const operationTargetSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('jobs'),
    jobs: z
      .array(z.strictObject({ id: jobIdSchema, queue: nameSchema }))
      .min(1)
      .max(1_000),
  }),
  /** All that match when it begins, at most 100,000. A group: `state:failed fingerprint:…`. */
  z.strictObject({ kind: z.literal('query'), query: z.string().min(1).max(MAX_QUERY_CHARACTERS) }),
])

export type OperationTarget = z.infer<typeof operationTargetSchema>

export const previewRequestSchema = z.strictObject({ action: z.enum(JOB_ACTIONS), target: operationTargetSchema })

export const operationPreviewSchema = z.object({
  /** Jobs that match now and are in a state for this action. */
  matched: z.number(),
  /** False: counting stopped at its bound, there are more. */
  complete: z.boolean(),
  /** How many of them per state. */
  states: z.record(z.string(), z.number()),
})

export type OperationPreview = z.infer<typeof operationPreviewSchema>

export const operationRequestSchema = previewRequestSchema.extend({
  /** For `postpone`: from now, ms. Default 1 h. */
  delayMs: delayMsSchema.optional(),
  /** At most so many jobs a second. Default: as fast as the broker answers. */
  perSecond: z.number().int().min(1).max(10_000).optional(),
})

export type OperationRequest = z.infer<typeof operationRequestSchema>

export const operationSchema = z.object({
  id: z.string(),
  /** A `JobAction`, or `purge`. */
  action: z.enum([...JOB_ACTIONS, 'purge']),
  /** For people: the query line, `3 jobs`, or the queue. */
  target: z.string(),
  by: z.string(),
  startedAt: instantSchema,
  endedAt: instantSchema.nullable(),
  state: z.enum(['running', 'done', 'stopped', 'failed']),
  /** Jobs that it is for; null until they are known, and for `purge`. */
  matched: z.number().nullable(),
  /** Jobs looked after so far: `changed` + `skipped`. */
  handled: z.number(),
  changed: z.number(),
  /** Were in no state for it any more. */
  skipped: z.number(),
  /** False: more matched than one operation takes; start it again for the rest. */
  complete: z.boolean(),
  /** Why it failed; null otherwise. */
  message: z.string().nullable(),
})

/** Bulk work. Kept by the dashboard's process for an hour after its end; it stops when that process ends. */
export type Operation = z.infer<typeof operationSchema>

/** The newest first, at most 100. */
export const operationsSchema = z.object({ operations: z.array(operationSchema) })
