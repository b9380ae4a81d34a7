import { JOB_STATES, type JobAction, parseQueryLine } from '@millrace/dashboard/contract'
import { actionsForState } from '../../jobs/actions-for-state.js'

/** What makes sense for these states, else for those that the query line lets through. */
export function actionsForQuery(q: string, selected: readonly string[] | undefined): readonly JobAction[] {
  const { states } = parseQueryLine(q).filter
  const through = selected ?? (states.length === 0 ? JOB_STATES : states)
  return [...new Set(through.flatMap(actionsForState))]
}
