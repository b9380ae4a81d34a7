import { z } from 'zod'
import { instantSchema } from './names.js'

const termSchema = z.object({
  candidate: z.string(),
  host: z.string(),
  pid: z.number(),
  /** The term's fencing number. */
  epoch: z.number(),
  since: instantSchema,
  /** Null while it lasts, and when its leader ended without a word. */
  endedAt: instantSchema.nullable(),
})

export type Term = z.infer<typeof termSchema>

export const leaderSchema = z.object({
  at: instantSchema,
  /** The last term; null when nobody ever led. */
  term: termSchema.nullable(),
  /** The terms before it, the newest first, at most 100. */
  past: z.array(termSchema),
})

export type Leader = z.infer<typeof leaderSchema>
