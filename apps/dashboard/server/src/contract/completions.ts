import { z } from 'zod'

/** Names that the query line completes; at most 1,000 of each. */
export const completionsSchema = z.object({
  tasks: z.array(z.string()),
  queues: z.array(z.string()),
})

export type Completions = z.infer<typeof completionsSchema>
