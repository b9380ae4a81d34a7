import { z } from 'zod'
import { groupsQuerySchema } from './groups-query.js'
import { failureSchema, jobSummarySchema } from './job.js'
import { instantSchema } from './names.js'
import { limitSchema } from './paging.js'

export const retriesQuerySchema = groupsQuerySchema.extend({ limit: limitSchema(50) })

export const retryGroupSchema = z.object({
  task: z.string(),
  fingerprint: z.string(),
  /** Jobs between two attempts. */
  count: z.number(),
  /** The latest failure among them. */
  failure: failureSchema,
  firstAt: instantSchema,
  lastAt: instantSchema,
  /** The next attempt of any of them. */
  nextDueAt: instantSchema,
  /** Most attempts that any of them has used. */
  attemptsUsed: z.number(),
  attemptsMax: z.number().nullable(),
  queues: z.array(z.string()),
  /** The query line of this group. */
  query: z.string(),
})

export type RetryGroup = z.infer<typeof retryGroupSchema>

export const retriesSchema = z.object({
  at: instantSchema,
  /** The next attempts, the soonest first. */
  next: z.array(jobSummarySchema),
  /** The largest first. */
  groups: z.array(retryGroupSchema),
  /** Jobs between two attempts that were looked at. */
  scanned: z.number(),
  /** False: there are more than one reading looks at; `groups` counts what it saw. */
  complete: z.boolean(),
})

export type Retries = z.infer<typeof retriesSchema>
