import { z } from 'zod'
import { instantSchema } from './names.js'

export const scheduleSchema = z.object({
  name: z.string(),
  task: z.string(),
  queue: z.string(),
  input: z.unknown(),
  /** `cron 0 3 * * * in Europe/Paris`, `every 15m`, `at 2030-01-01T00:00:00.000Z`. */
  rule: z.string(),
  /** `over`: no tick is left. */
  state: z.enum(['active', 'paused', 'disabled', 'over']),
  nextAt: instantSchema.nullable(),
  lastAt: instantSchema.nullable(),
  fired: z.number(),
  /** Ticks that made no job, because an earlier one's had not ended. */
  skipped: z.number(),
  /** Ticks whose jobs are not on their lane yet. */
  backlog: z.number(),
  createdAt: instantSchema,
  /** Whose code defines it; null: made at run time. */
  owner: z.string().nullable(),
})

export type Schedule = z.infer<typeof scheduleSchema>

export const schedulesSchema = z.object({
  at: instantSchema,
  schedules: z.array(scheduleSchema),
  /** False: this broker keeps no schedules. */
  supported: z.boolean(),
})

export type Schedules = z.infer<typeof schedulesSchema>

/** The job that was made. */
export const scheduleRunAnswerSchema = z.object({ name: z.string(), id: z.string(), queue: z.string() })
