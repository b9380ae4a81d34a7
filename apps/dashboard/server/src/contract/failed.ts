import { z } from 'zod'
import { failureSchema } from './job.js'
import { instantSchema } from './names.js'

export const failedGroupSchema = z.object({
  task: z.string(),
  fingerprint: z.string(),
  count: z.number(),
  /** The latest failure among them. */
  failure: failureSchema,
  firstAt: instantSchema,
  lastAt: instantSchema,
  queues: z.array(z.string()),
  /** The query line of this group. */
  query: z.string(),
})

export type FailedGroup = z.infer<typeof failedGroupSchema>

export const failedGroupsSchema = z.object({
  at: instantSchema,
  /** The largest first. */
  groups: z.array(failedGroupSchema),
  /** Failed jobs that are kept, in all queues asked for. */
  total: z.number(),
  /** Of which so many were looked at, the newest of each queue. */
  scanned: z.number(),
  complete: z.boolean(),
})

export type FailedGroups = z.infer<typeof failedGroupsSchema>
