import { z } from 'zod'
import { JOB_STATES } from './job.js'
import { nameSchema } from './names.js'

export const JOB_ACTIONS = ['retry', 'cancel', 'discard', 'promote', 'postpone'] as const

/**
 * `retry`: failed → ready. `cancel`: waiting → cancelled, running: asked. `discard`: removes a failed job. `promote`:
 * scheduled or retrying → ready. `postpone`: scheduled or retrying → due later.
 */
export type JobAction = (typeof JOB_ACTIONS)[number]

const MAX_POSTPONE_MS = 365 * 86_400_000

export const delayMsSchema = z.number().int().min(0).max(MAX_POSTPONE_MS)

export const jobActionSchema = z.strictObject({
  action: z.enum(JOB_ACTIONS),
  /** Where several queues have a job of this id. */
  queue: nameSchema.optional(),
  /** For `postpone`: from now, ms. Default 1 h. */
  delayMs: delayMsSchema.optional(),
})

export const jobActionAnswerSchema = z.object({
  id: z.string(),
  /** It was carried out, or is on its way. False: `answer` says why not; the status is 200 all the same. */
  done: z.boolean(),
  answer: z.enum([
    'retried',
    'cancelled',
    'asked',
    'discarded',
    'promoted',
    'postponed',
    'ended',
    'not-failed',
    'not-waiting',
    'unknown',
    'ambiguous',
  ]),
  queue: z.string().nullable(),
  /** Before it. */
  state: z.enum([...JOB_STATES, 'unknown']),
  /** One sentence. */
  message: z.string(),
})

export type JobActionAnswer = z.infer<typeof jobActionAnswerSchema>
