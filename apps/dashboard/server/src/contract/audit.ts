import { z } from 'zod'
import { instantSchema } from './names.js'
import { cursorSchema, limitSchema } from './paging.js'

export const auditQuerySchema = z.strictObject({ limit: limitSchema(50), cursor: cursorSchema.optional() })

export const auditEntrySchema = z.object({
  id: z.string(),
  at: instantSchema,
  /** The user's or token's name; for a refused login the name that was tried. */
  who: z.string(),
  role: z.string().nullable(),
  /** A `Permission`, `login`, `login.refused`, `logout`. */
  action: z.string(),
  /** `job mail/01K…`, `queue mail`, `worker w1, w2`, a query line. */
  on: z.string(),
  /** Address of the client. */
  from: z.string(),
  /** Done, refused (`forbidden`), or what went wrong. */
  outcome: z.enum(['done', 'refused', 'failed']),
  /** Counts, sizes, delays; one phrase. */
  detail: z.string(),
})

export type AuditEntry = z.infer<typeof auditEntrySchema>

/** The newest first. The store keeps about 10,000. */
export const auditPageSchema = z.object({ entries: z.array(auditEntrySchema), cursor: z.string().nullable() })

export type AuditPage = z.infer<typeof auditPageSchema>
