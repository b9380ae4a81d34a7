import type { JobSummary } from '@millrace/dashboard/contract'
import { useState } from 'react'
import { Button } from '../../design/button.js'
import { type Column, DataTable } from '../../design/data-table.js'
import { EmptyState } from '../../design/empty-state.js'
import { Panel } from '../../design/panel.js'
import { AttemptPips } from '../../jobs/attempt-pips.js'
import { Countdown } from '../../jobs/countdown.js'
import { FailureLine } from '../../jobs/failure-line.js'
import { JobActions } from '../../jobs/job-actions.js'
import { JobLink } from '../../jobs/job-link.js'
import { AttemptErrors } from './attempt-errors.js'

/** The next attempts by time. A row opens to show what each attempt before failed of. */
export function NextAttemptsPanel({ jobs }: { readonly jobs: readonly JobSummary[] | undefined }) {
  const [opened, setOpened] = useState<string>()
  const errors: Column<JobSummary> = {
    key: 'errors',
    head: 'Last error',
    cell: (job) => <FailureLine failure={job.lastFailure} />,
  }
  const actions: Column<JobSummary> = {
    key: 'actions',
    head: '',
    label: 'Actions',
    width: '10.5rem',
    cell: (job) => (
      <div className="table__actions">
        <Button
          look="quiet"
          icon={opened === job.id ? 'close' : 'down'}
          label={`${opened === job.id ? 'Hide' : 'Show'} the errors of ${job.id}`}
          aria-expanded={opened === job.id}
          onClick={() => setOpened(opened === job.id ? undefined : job.id)}
        />
        <JobActions job={job} small />
      </div>
    ),
  }
  return (
    <Panel title="Next attempts" note="soonest first" flush>
      <DataTable
        caption="Next attempts, soonest first"
        columns={[...COLUMNS, errors, actions]}
        rows={jobs}
        rowKey={({ id, queue }) => `${queue} ${id}`}
        below={(job) => (job.id === opened ? <AttemptErrors id={job.id} queue={job.queue} /> : undefined)}
        empty={
          <EmptyState icon="check" title="No attempt is waiting for its time">
            Jobs that run now are under <code>state:running</code>.
          </EmptyState>
        }
      />
    </Panel>
  )
}

const COLUMNS: readonly Column<JobSummary>[] = [
  { key: 'due', head: 'Next attempt', width: '8rem', cell: ({ dueAt }) => <Countdown at={dueAt} /> },
  {
    key: 'job',
    head: 'Task and job',
    lead: true,
    width: '24%',
    cell: ({ id, queue, task }) => (
      <>
        <span className="cut">{task ?? 'unreadable job'}</span>
        <JobLink id={id} queue={queue} row />
      </>
    ),
  },
  {
    key: 'attempts',
    head: 'Attempts',
    width: '9rem',
    cell: ({ attemptsUsed, attemptsMax }) => <AttemptPips used={attemptsUsed} max={attemptsMax} />,
  },
]
