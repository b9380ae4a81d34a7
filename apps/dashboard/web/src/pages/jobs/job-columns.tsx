import type { JobSummary } from '@millrace/dashboard/contract'
import type { Column } from '../../design/data-table.js'
import { StateBadge } from '../../design/state-badge.js'
import { Tag } from '../../design/tag.js'
import { TimeAgo } from '../../design/time-ago.js'
import { AttemptPips } from '../../jobs/attempt-pips.js'
import { Countdown } from '../../jobs/countdown.js'
import { FailureLine } from '../../jobs/failure-line.js'
import { JobActions } from '../../jobs/job-actions.js'
import { JobLink } from '../../jobs/job-link.js'
import type { Selection } from './use-selection.js'

export function jobColumns(selection: Selection): Column<JobSummary>[] {
  return [
    {
      key: 'select',
      head: '',
      label: 'Selected',
      width: '2.75rem',
      mark: true,
      cell: (job) => (
        <input
          type="checkbox"
          className="tick"
          aria-label={`Select ${job.id}`}
          data-row-select=""
          checked={selection.has(job)}
          onChange={() => selection.toggle(job)}
        />
      ),
    },
    {
      key: 'job',
      head: 'Task and job',
      lead: true,
      width: '26%',
      cell: ({ id, queue, task, malformed }) => (
        <>
          <span className="cut">{task ?? (malformed ? 'unreadable message' : 'task not kept')}</span>
          <JobLink id={id} queue={queue} row />
        </>
      ),
    },
    {
      key: 'state',
      head: 'State',
      width: '8.5rem',
      bare: true,
      cell: ({ state, cancelAsked }) =>
        cancelAsked && state === 'running' ? <Tag tone="warn">cancel asked</Tag> : <StateBadge state={state} />,
    },
    { key: 'queue', head: 'Queue', width: '8rem', cell: ({ queue }) => <span className="cut">{queue}</span> },
    {
      key: 'attempts',
      head: 'Attempts',
      width: '8.5rem',
      cell: ({ attemptsUsed, attemptsMax }) => <AttemptPips used={attemptsUsed} max={attemptsMax} />,
    },
    { key: 'when', head: 'When', width: '8rem', cell: (job) => <JobTime job={job} /> },
    { key: 'error', head: 'Last error', cell: ({ lastFailure }) => <FailureLine failure={lastFailure} /> },
    {
      key: 'actions',
      head: '',
      label: 'Actions',
      width: '8.25rem',
      cell: (job) => (
        <div className="table__actions">
          <JobActions job={job} small />
        </div>
      ),
    },
  ]
}

/** The time that matters in its state: when it is due, when it failed, since when it is there. */
function JobTime({ job: { dueAt, failedAt, enqueuedAt } }: { readonly job: JobSummary }) {
  if (dueAt !== null) return <Countdown at={dueAt} />
  return <TimeAgo at={failedAt ?? enqueuedAt} />
}
