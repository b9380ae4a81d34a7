import { filterForOrder } from '@millrace/monitor'
import type { Operation, OperationTarget } from '../contract/index.js'
import type { OperationWork } from '../operations/operations.js'
import type { HandlersOf } from './api-call.js'
import type { ApiContext } from './api-context.js'
import { delayText } from './job-handlers.js'
import { filterOfLine } from './query-filter.js'
import { Refusal } from './refusal.js'

export const operationHandlers: HandlersOf<
  'previewOperation' | 'startOperation' | 'operations' | 'operation' | 'stopOperation'
> = {
  previewOperation: async ({ context, body }) => {
    const { app, redaction } = context
    const { action, target } = body
    if (target.kind === 'jobs') return { matched: target.jobs.length, complete: true, states: {} }
    const filter = filterForOrder(action, filterOfLine(target.query))
    if (filter.states?.length === 0) return { matched: 0, complete: true, states: {} }
    return app.monitor.count(filter, (job) => redaction.summary(job))
  },

  startOperation: ({ context, body, identity, need, about }) => {
    const { action, target, delayMs, perSecond } = body
    const text = targetText(target)
    const rate = perSecond === undefined ? '' : `at most ${perSecond}/s`
    about(text, `${action} ${delayText(action, delayMs)} ${rate}`.trim())
    need(`job.${action}`)
    const picked = target.kind === 'jobs' ? { jobs: target.jobs } : { filter: filterOfLine(target.query) }
    const { app, redaction } = context
    const view = redaction.summary.bind(redaction)
    return begin(context, { action, target: text, by: identity?.me.name ?? '' }, (onProgress, signal) =>
      app.control.orderAll({ order: action, target: picked, view, delayMs, perSecond, onProgress, signal }),
    )
  },

  operations: ({ context }) => ({ operations: context.operations.list() }),

  operation: ({ context, params }) => context.operations.find(params.id) ?? refuse(),

  stopOperation: ({ context, params, about, need }) => {
    about(`operation ${params.id}`)
    const { action } = context.operations.find(params.id) ?? refuse()
    need(action === 'purge' ? 'queue.purge' : `job.${action}`)
    return context.operations.stop(params.id) ?? refuse()
  },
}

/** Starts an operation; throws `Refusal` where too many are under way. */
export function begin(
  context: ApiContext,
  what: Pick<Operation, 'action' | 'target' | 'by'>,
  work: OperationWork,
): Operation {
  const operation = context.operations.start(what, work)
  if (operation !== undefined) return operation
  throw new Refusal('conflict', 'Ten operations are under way: wait for one, or stop one.')
}

function refuse(): never {
  throw new Refusal(
    'not-found',
    'There is no such operation: it ended more than an hour ago, or the dashboard was restarted.',
  )
}

function targetText(target: OperationTarget): string {
  if (target.kind === 'query') return target.query
  const [first] = target.jobs
  return target.jobs.length === 1 && first !== undefined ? `${first.queue}/${first.id}` : `${target.jobs.length} jobs`
}
