import { z } from 'zod'
import { instantSchema, nameSchema } from './names.js'

/** How far a series looks back. Up to 6 h by the minute; beyond by the hour, for one queue up to 24 h by the minute. */
export const RANGES = ['1h', '6h', '24h', '7d', '90d'] as const

export type Range = (typeof RANGES)[number]

export const overviewQuerySchema = z.strictObject({
  range: z.enum(RANGES).default('1h'),
  /** Only this queue. */
  queue: nameSchema.optional(),
  /** Only this task. Backlog and waiting are of queues: they are null then. */
  task: nameSchema.optional(),
})

/** Columns of equal length: one value per entry of `at`. */
export const seriesSchema = z.object({
  /** Starts of the steps, ms since the epoch, oldest first, without gaps. */
  at: z.array(instantSchema),
  succeeded: z.array(z.number()),
  retried: z.array(z.number()),
  failed: z.array(z.number()),
  /** Mean time in handlers, ms; null where nothing ran. */
  handlerMs: z.array(z.number().nullable()),
  /** Jobs ready or due, as last seen in the step; null where nobody looked. */
  backlog: z.array(z.number().nullable()),
  /** How long the oldest ready job had waited, ms, as last seen in the step; null where nobody looked. */
  oldestReadyMs: z.array(z.number().nullable()),
})

export type Series = z.infer<typeof seriesSchema>

export const ATTENTION_KINDS = [
  'no-workers',
  'no-leader',
  'queue-stuck',
  'queue-paused',
  'queue-old',
  'failing-task',
  'failed-jobs',
  'worker-busy',
  'worker-blocked',
  'schedule-late',
  'store',
] as const

export const attentionSchema = z.object({
  kind: z.enum(ATTENTION_KINDS),
  level: z.enum(['error', 'warning']),
  /** One sentence. */
  what: z.string(),
  /** What to do about it, one sentence. */
  fix: z.string(),
  /** What it is about, to lead there. */
  queue: z.string().nullable(),
  task: z.string().nullable(),
  worker: z.string().nullable(),
})

/** What needs a person, the worst first. */
export type Attention = z.infer<typeof attentionSchema>

export const overviewSchema = z.object({
  at: instantSchema,
  /** Sums over all queues, now. */
  totals: z.object({
    queues: z.number(),
    pausedQueues: z.number(),
    ready: z.number(),
    running: z.number(),
    /** Delayed jobs and jobs between two attempts. */
    due: z.number(),
    parked: z.number(),
    failed: z.number(),
    oldestReadyMs: z.number().nullable(),
    workers: z.number(),
    /** Handlers that may run at once, over all workers. */
    concurrency: z.number(),
  }),
  attention: z.array(attentionSchema),
  range: z.enum(RANGES),
  /** Length of a step, ms. */
  stepMs: z.number(),
  /** The sum of all that was asked for. */
  series: seriesSchema,
  /** The busiest first, at most 12; empty when one queue was asked for. */
  byQueue: z.array(z.object({ queue: z.string(), series: seriesSchema })),
  /** The busiest first, at most 12; empty when one task was asked for. `(other)`: names beyond the store's bound. */
  byTask: z.array(z.object({ task: z.string(), series: seriesSchema })),
})

export type Overview = z.infer<typeof overviewSchema>
