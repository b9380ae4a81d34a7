import type { FailureGroup } from '@millrace/monitor'
import { formatQueryLine } from '../contract/index.js'
import { GROUPS_MS } from '../live/store-readings.js'
import type { HandlersOf } from './api-call.js'
import { attemptsMax, shapeFailure, shapeSummary } from './job-shape.js'

export const failureHandlers: HandlersOf<'retries' | 'failed'> = {
  retries: ({ context, query }) => {
    const { app, readings, redaction, clock } = context
    const read = async () => {
      const view = redaction.summary.bind(redaction)
      const found = await app.monitor.retries({ filter: filterOf(query), limit: query.limit, view })
      return {
        at: clock.now(),
        next: found.next.map((job) => shapeSummary(app, job)),
        groups: found.groups.map((group) => ({
          ...shapeGroup(group, 'retrying'),
          nextDueAt: group.nextDueAt ?? 0,
          attemptsUsed: group.attemptsUsed,
          attemptsMax: attemptsMax(app, group.task),
        })),
        scanned: found.scanned,
        complete: found.complete,
      }
    }
    return readings.page(`retries ${JSON.stringify(query)}`, read, GROUPS_MS)
  },

  failed: ({ context, query }) => {
    const { app, readings, redaction, clock } = context
    const read = async () => {
      const view = redaction.summary.bind(redaction)
      const { groups, ...rest } = await app.monitor.failedGroups({ filter: filterOf(query), view })
      return { at: clock.now(), groups: groups.map((group) => shapeGroup(group, 'failed')), ...rest }
    }
    return readings.page(`failed ${JSON.stringify(query)}`, read, GROUPS_MS)
  },
}

function filterOf({ queue, task }: { readonly queue?: string | undefined; readonly task?: string | undefined }) {
  return { ...(queue !== undefined && { queues: [queue] }), ...(task !== undefined && { tasks: [task] }) }
}

function shapeGroup(group: FailureGroup, state: 'failed' | 'retrying') {
  const { task, fingerprint, count, firstAt, lastAt, queues } = group
  const query = formatQueryLine({ states: [state], fingerprints: [fingerprint] })
  return { task, fingerprint, count, failure: shapeFailure(group.failure), firstAt, lastAt, queues: [...queues], query }
}
