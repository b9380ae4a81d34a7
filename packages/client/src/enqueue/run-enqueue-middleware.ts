import type { EnqueueMessage, EnqueueMiddleware } from '../ports/enqueue-middleware.js'

/** Runs the middleware, outermost first, around `last`. Each may call its `next` once. */
export async function runEnqueueMiddleware(
  middleware: readonly EnqueueMiddleware[],
  message: EnqueueMessage,
  last: () => Promise<void>,
): Promise<void> {
  const run = (position: number): Promise<void> => {
    const current = middleware[position]
    if (current === undefined) return last()
    let called = false
    return current(message, async () => {
      if (called) throw new Error('an enqueue middleware called next() twice')
      called = true
      await run(position + 1)
    })
  }
  await run(0)
}
