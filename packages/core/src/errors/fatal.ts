import { brandError, MillraceError } from './millrace-error.js'

/**
 * Thrown by a handler: the job fails at once, whatever attempts are left. `data` (plain JSON, at most 2 KiB) is stored
 * with the failure and shows up as `JobFailedError.data`.
 */
export class Fatal extends MillraceError {
  declare readonly code: 'JOB_FAILED'
  readonly data: unknown

  static {
    brandError(Fatal, 'Fatal')
  }

  constructor(message: string, options: { readonly cause?: unknown; readonly data?: unknown } = {}) {
    super('JOB_FAILED', message, options)
    this.data = options.data
  }
}
