import type { ApiError, ErrorCode } from '../contract/index.js'

const STATUS: Readonly<Record<ErrorCode, number>> = {
  'invalid-request': 400,
  'not-signed-in': 401,
  'wrong-credentials': 401,
  forbidden: 403,
  'cross-site': 403,
  'not-found': 404,
  'method-not-allowed': 405,
  conflict: 409,
  'too-large': 413,
  'not-json': 415,
  'too-many-requests': 429,
  internal: 500,
  'broker-unavailable': 503,
}

/** A request that is refused, with the answer that its caller gets. */
export class Refusal extends Error {
  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly details: Omit<ApiError['error'], 'code' | 'message'> = {},
  ) {
    super(message)
  }

  get status(): number {
    return STATUS[this.code]
  }

  get body(): ApiError {
    return { error: { code: this.code, message: this.message, ...this.details } }
  }
}
