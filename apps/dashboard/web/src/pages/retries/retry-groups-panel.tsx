import type { JobAction, RetryGroup } from '@millrace/dashboard/contract'
import { useState } from 'react'
import { Button } from '../../design/button.js'
import { type Column, DataTable } from '../../design/data-table.js'
import { EmptyState } from '../../design/empty-state.js'
import { Panel } from '../../design/panel.js'
import { countText } from '../../format/figure-text.js'
import { AttemptPips } from '../../jobs/attempt-pips.js'
import { Countdown } from '../../jobs/countdown.js'
import { FailureLine } from '../../jobs/failure-line.js'
import { GroupName } from '../../jobs/group-name.js'
import { OperationDialog } from '../../operations/operation-dialog.js'
import { useMay } from '../../session/use-me.js'

/** Retrying jobs by what they do and how they failed; each group can be acted on as one. */
export function RetryGroupsPanel({ groups }: { readonly groups: readonly RetryGroup[] | undefined }) {
  const may = useMay()
  const [asking, setAsking] = useState<{ readonly action: JobAction; readonly group: RetryGroup }>()
  const actions: Column<RetryGroup> = {
    key: 'actions',
    head: '',
    label: 'Actions',
    width: '19rem',
    cell: (group) => (
      <div className="table__actions">
        {may('job.promote') && <Button onClick={() => setAsking({ action: 'promote', group })}>Run all now</Button>}
        {may('job.postpone') && <Button onClick={() => setAsking({ action: 'postpone', group })}>Postpone</Button>}
        {may('job.cancel') && <Button onClick={() => setAsking({ action: 'cancel', group })}>Cancel</Button>}
      </div>
    ),
  }
  return (
    <Panel title="By task and error" note="largest first" flush>
      <DataTable
        caption="Retrying jobs by task and error"
        columns={may('job.promote') ? [...COLUMNS, actions] : COLUMNS}
        rows={groups}
        rowKey={({ task, fingerprint }) => `${task} ${fingerprint}`}
        expected={3}
        empty={
          <EmptyState icon="check" title="Nothing is being retried">
            A job whose attempt fails comes here until its next one.
          </EmptyState>
        }
      />
      {asking !== undefined && (
        <OperationDialog
          action={asking.action}
          target={{ kind: 'query', query: asking.group.query }}
          which={`${asking.group.task}, ${asking.group.failure.name}`}
          onClose={() => setAsking(undefined)}
        />
      )}
    </Panel>
  )
}

const COLUMNS: readonly Column<RetryGroup>[] = [
  {
    key: 'count',
    head: 'Jobs',
    width: '5rem',
    figures: true,
    cell: ({ count }) => <b>{countText(count)}</b>,
  },
  {
    key: 'task',
    head: 'Task and error',
    lead: true,
    cell: ({ task, query, failure }) => (
      <>
        <GroupName task={task} query={query} />
        <FailureLine failure={failure} />
      </>
    ),
  },
  {
    key: 'next',
    head: 'Next attempt',
    width: '8rem',
    cell: ({ nextDueAt }) => <Countdown at={nextDueAt} />,
  },
  {
    key: 'attempts',
    head: 'Most attempts',
    width: '9rem',
    cell: ({ attemptsUsed, attemptsMax }) => <AttemptPips used={attemptsUsed} max={attemptsMax} />,
  },
]
