import { z } from 'zod'
import { ROLES } from './permission.js'

export const meSchema = z.object({
  /** The user's name; `local` without login, the token's name for a token. */
  name: z.string(),
  role: z.enum(ROLES),
})

export type Me = z.infer<typeof meSchema>

/** Answered to everybody: what a page must know before it asks for anything else. */
export const sessionSchema = z.object({
  /** The app's name; null until somebody has signed in. */
  app: z.string().nullable(),
  /** Null: sign in first. */
  me: meSchema.nullable(),
  /**
   * `password`: by `POST login`. `none`: loopback without login, everybody is `me`. `host`: the surrounding server says who
   * it is, there is no login page.
   */
  login: z.enum(['password', 'none', 'host']),
  /** Of Millrace; null until somebody has signed in. */
  version: z.string().nullable(),
})

export type Session = z.infer<typeof sessionSchema>

export const loginSchema = z.strictObject({
  name: z.string().min(1).max(128),
  password: z.string().min(1).max(1_024),
})

export type Login = z.infer<typeof loginSchema>
