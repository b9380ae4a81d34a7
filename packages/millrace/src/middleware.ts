import type { EnqueueMiddleware } from '@millrace/client'
import { checkOptions, InvalidOptionError } from '@millrace/core'
import type { ExecuteMiddleware, JobHooks } from '@millrace/worker'

/** What wraps an app's calls and attempts, the first that was added as the outermost; and who is told what becomes of its jobs. */
export interface Middleware extends JobHooks {
  /**
   * Around each call of `enqueue` and `enqueueMany`, and each job of a workflow. May change inputs, add headers, refuse by throwing.
   * Has to call `next()` once.
   */
  readonly enqueue?: EnqueueMiddleware
  /** Around the handler of each attempt. `next()` gives what the handler returned; a second call of it rejects. */
  readonly execute?: ExecuteMiddleware
}

const PARTS = ['enqueue', 'execute', 'onRetry', 'onFailed', 'onCrash'] as const satisfies readonly (keyof Middleware)[]

/** Throws `InvalidOptionError` for what is no middleware. */
export function checkMiddleware(middleware: Middleware): Middleware {
  const given = checkOptions(middleware, 'use', PARTS)
  for (const [name, part] of Object.entries(given)) {
    if (part === undefined || typeof part === 'function') continue
    throw new InvalidOptionError({ option: `use.${name}`, found: part, expected: 'a function' })
  }
  return middleware
}

/** `inner` within `outer`. */
export function nest(outer: ExecuteMiddleware | undefined, inner: ExecuteMiddleware): ExecuteMiddleware {
  const guarded = callingNextOnce(inner)
  if (outer === undefined) return guarded
  return (attempt, next) => outer(attempt, async () => guarded(attempt, next))
}

/** A handler that runs twice in one attempt does its work twice. */
function callingNextOnce(middleware: ExecuteMiddleware): ExecuteMiddleware {
  return (attempt, next) => {
    let called = false
    return middleware(attempt, async () => {
      if (called) throw new Error('an execute middleware called next() twice')
      called = true
      return next()
    })
  }
}
