import type { EnqueueMiddleware } from '@millrace/client'
import { checkOptions, InvalidOptionError } from '@millrace/core'
import type { ExecuteMiddleware } from '@millrace/worker'

/** What wraps an app's calls and attempts. The first that was added is the outermost. */
export interface Middleware {
  /** Around each call of `enqueue` and `enqueueMany`, and each job of a workflow. May change inputs, add headers, refuse by throwing. */
  readonly enqueue?: EnqueueMiddleware
  /** Around the handler of each attempt. `next()` gives what the handler returned. */
  readonly execute?: ExecuteMiddleware
}

/** Throws `InvalidOptionError` for what is no middleware. */
export function checkMiddleware(middleware: Middleware): Middleware {
  const { enqueue, execute } = checkOptions(middleware, 'use', ['enqueue', 'execute'])
  for (const [name, part] of Object.entries({ enqueue, execute })) {
    if (part === undefined || typeof part === 'function') continue
    throw new InvalidOptionError({ option: `use.${name}`, found: part, expected: 'a function' })
  }
  return middleware
}

/** `inner` within `outer`. */
export function nest(outer: ExecuteMiddleware | undefined, inner: ExecuteMiddleware): ExecuteMiddleware {
  if (outer === undefined) return inner
  return (attempt, next) => outer(attempt, () => inner(attempt, next))
}
