import { z } from 'zod'

/** The rule for names of tasks, queues and apps. */
export const nameSchema = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$/, 'a letter or digit, then at most 127 letters, digits, . _ : -')

/** An id of a job, as long as any store keeps; what is no id of this app's is answered by 404. */
export const jobIdSchema = z.string().min(1).max(256)

/** Ms since the epoch. */
export const instantSchema = z.number()
