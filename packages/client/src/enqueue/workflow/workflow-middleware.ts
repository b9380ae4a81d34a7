import type { EnqueueMessage, EnqueueMiddleware } from '../../ports/enqueue-middleware.js'
import { runEnqueueMiddleware } from '../run-enqueue-middleware.js'
import type { TaskRoute } from '../task-route.js'

/** A job of a workflow on its way through the middleware. */
export interface Draft {
  readonly route: TaskRoute
  input: unknown
  readonly headers: Record<string, string>
  readonly id: string
}

/**
 * Runs the middleware around every job of a workflow at once: each job's `next()` resolves when the whole workflow has
 * been sent, which happens when every job's middleware has called its own.
 */
export async function throughMiddleware(
  middleware: readonly EnqueueMiddleware[],
  drafts: readonly Draft[],
  send: () => Promise<void>,
): Promise<void> {
  if (middleware.length === 0 || drafts.length === 0) return send()
  const sent = Promise.withResolvers<void>()
  sent.promise.catch(() => {})
  let waiting = drafts.length
  const workflow = { jobs: drafts.length }
  const around = drafts.map(async (draft) => {
    let arrived = false
    const { name: task, policy } = draft.route.definition
    const message: EnqueueMessage = {
      task,
      queue: policy.queue,
      inputs: [draft.input],
      headers: draft.headers,
      ids: [draft.id],
      workflow,
    }
    await runEnqueueMiddleware(middleware, message, () => {
      arrived = true
      draft.input = message.inputs[0]
      if (--waiting === 0) send().then(sent.resolve, sent.reject)
      return sent.promise
    })
    if (!arrived)
      throw new Error(`an enqueue middleware did not call next() for ${task}: nothing of the workflow was enqueued`)
  })
  for (const one of around) one.catch(sent.reject)
  await Promise.all(around)
}
