import { z } from 'zod'
import { nameSchema } from './names.js'

/** Of the lists of groups. */
export const groupsQuerySchema = z.strictObject({
  queue: nameSchema.optional(),
  task: nameSchema.optional(),
})
