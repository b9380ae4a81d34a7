import { z } from 'zod'
import { instantSchema } from './names.js'

export const queueSchema = z.object({
  queue: z.string(),
  lanes: z.number(),
  /** All lanes are paused. */
  paused: z.boolean(),
  /** Between 0 and `lanes` while a pause is on its way. */
  pausedLanes: z.number(),
  ready: z.number(),
  /** Crashed before, handed out one at a time. Not part of `ready`. */
  suspects: z.number(),
  /** Delayed jobs and jobs between two attempts. */
  due: z.number(),
  /** Wait for upstream jobs. */
  parked: z.number(),
  running: z.number(),
  /** Failed for good and kept. */
  failed: z.number(),
  /** Ms; null when none waits. */
  oldestReadyMs: z.number().nullable(),
  /** Since the queue was made. */
  totals: z.object({ succeeded: z.number(), retried: z.number(), failed: z.number(), crashed: z.number() }),
  /** Jobs a second over the last minute; null until the dashboard has looked twice. */
  perSecond: z.object({ succeeded: z.number(), retried: z.number(), failed: z.number() }).nullable(),
  /** Workers that take from it. */
  workers: z.number(),
})

export type Queue = z.infer<typeof queueSchema>

export const queuesSchema = z.object({ at: instantSchema, queues: z.array(queueSchema) })

export type Queues = z.infer<typeof queuesSchema>

export const queuePauseAnswerSchema = z.object({ queue: z.string(), paused: z.boolean(), lanes: z.number() })
