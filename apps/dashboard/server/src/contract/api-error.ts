import { z } from 'zod'

/** Why a request was refused. Stable; texts may change. */
export const ERROR_CODES = [
  /** 400: the request does not fit its schema; `issues` says where. */
  'invalid-request',
  /** 401: sign in first. */
  'not-signed-in',
  /** 401: the name or the password is wrong. */
  'wrong-credentials',
  /** 403: this user's role, or this token's scope, does not allow it. */
  'forbidden',
  /** 403: the request comes from another site. */
  'cross-site',
  /** 404 */
  'not-found',
  /** 405 */
  'method-not-allowed',
  /** 409: it cannot be done now; the message says why. */
  'conflict',
  /** 413: the body is larger than 1 MB. */
  'too-large',
  /** 415: the body is not JSON. */
  'not-json',
  /** 429: `retryAfterMs` says when to try again. */
  'too-many-requests',
  /** 503: the broker cannot be reached. */
  'broker-unavailable',
  /** 500 */
  'internal',
] as const

export type ErrorCode = (typeof ERROR_CODES)[number]

export const apiErrorSchema = z.object({
  error: z.object({
    code: z.enum(ERROR_CODES),
    /** One sentence for people, with the fix. */
    message: z.string(),
    /** For `invalid-request`. */
    issues: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
    /** For `too-many-requests`, ms. */
    retryAfterMs: z.number().optional(),
  }),
})

/** The body of every answer that is no success. */
export type ApiError = z.infer<typeof apiErrorSchema>
