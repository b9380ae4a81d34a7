import type { z } from 'zod'
import type { Permission } from './permission.js'

/** Under the path where the dashboard is mounted. */
export const API_BASE = '/api/v1'

/** One request that the API takes. Refusals answer `ApiError`. */
export interface Route {
  readonly method: 'GET' | 'POST'
  /** Under `API_BASE`; `:name` is a parameter, percent-encoded by the caller. */
  readonly path: string
  readonly summary: string
  /**
   * `open`: everybody. `body`: the permission of the action that the body names (`job.` + action). Otherwise the least
   * permission.
   */
  readonly permission: Permission | 'open' | 'body'
  readonly params?: z.ZodObject
  /** Every value is a string in the URL. */
  readonly query?: z.ZodObject
  readonly body?: z.ZodType
  /** Status of a success. Default 200. */
  readonly status?: 202
  readonly answer: z.ZodType | 'events' | 'openapi'
}
