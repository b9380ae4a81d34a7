import { z } from 'zod'
import { instantSchema } from './names.js'

export const workerSchema = z.object({
  id: z.string(),
  host: z.string(),
  pid: z.number(),
  version: z.string(),
  queues: z.array(z.string()),
  concurrency: z.number(),
  /** Handlers that run. */
  running: z.number(),
  state: z.enum(['starting', 'running', 'quiet', 'draining', 'stopped']),
  startedAt: instantSchema,
  uptimeMs: z.number(),
  /** Since its last sign of life, ms; null where the store does not tell. */
  seenAgoMs: z.number().nullable(),
  eventLoopDelayMs: z.number().nullable(),
  rssBytes: z.number().nullable(),
  /** What runs, about the longest first; at most 50, `running` counts them all. As of the worker's last sign of life. */
  jobs: z.array(
    z.object({
      id: z.string(),
      queue: z.string(),
      task: z.string(),
      attempt: z.number(),
      /** By the worker's clock. */
      since: instantSchema,
    }),
  ),
})

export type Worker = z.infer<typeof workerSchema>

export const workersSchema = z.object({ at: instantSchema, workers: z.array(workerSchema) })

export type Workers = z.infer<typeof workersSchema>

export const workerOrderSchema = z.strictObject({
  /** Their ids. */
  workers: z.array(z.string().min(1).max(256)).min(1).max(1_000),
})

export const resizeOrderSchema = workerOrderSchema.extend({
  /** Handlers that may run at once. */
  size: z.number().int().min(1).max(10_000),
})

/** The order is on its way to the workers. */
export const workerOrderAnswerSchema = z.object({
  id: z.string(),
  kind: z.enum(['quiet', 'resume', 'resize', 'stop']),
  workers: z.array(z.string()),
  /** Asked for, but nobody announces itself under these ids. */
  unknown: z.array(z.string()),
})

export type WorkerOrderAnswer = z.infer<typeof workerOrderAnswerSchema>
