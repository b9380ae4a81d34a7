import type { JobDetail } from '@millrace/dashboard/contract'
import { Panel } from '../../design/panel.js'
import { plural } from '../../format/figure-text.js'
import { FailureList } from '../../jobs/failure-list.js'

/** What each attempt failed of. Nothing for a job that never failed. */
export function JobHistory({ job: { history, attemptsUsed } }: { readonly job: JobDetail }) {
  if (history.length === 0) return null
  const note =
    history.length < attemptsUsed ? `the last ${history.length} of ${plural(attemptsUsed, 'attempt')}` : undefined
  return (
    <Panel title="Errors" note={note}>
      <FailureList failures={history} />
    </Panel>
  )
}
