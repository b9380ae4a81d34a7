import type { FailedGroup, FailedGroups, JobAction } from '@millrace/dashboard/contract'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { readFailed } from '../../api/queries.js'
import { Button } from '../../design/button.js'
import { type Column, DataTable } from '../../design/data-table.js'
import { EmptyState } from '../../design/empty-state.js'
import { Panel } from '../../design/panel.js'
import { TimeAgo } from '../../design/time-ago.js'
import { countText, plural } from '../../format/figure-text.js'
import { FailureLine } from '../../jobs/failure-line.js'
import { GroupName } from '../../jobs/group-name.js'
import { Page } from '../../layout/page.js'
import { ReadingError } from '../../layout/reading-error.js'
import { OperationDialog } from '../../operations/operation-dialog.js'
import { useMay } from '../../session/use-me.js'

/** Jobs that failed for good and are kept, by what they do and how they failed. */
export function FailedPage() {
  const { data, error, refetch } = useQuery(readFailed())
  const may = useMay()
  const [asking, setAsking] = useState<{ readonly action: JobAction; readonly group: FailedGroup }>()
  const actions: Column<FailedGroup> = {
    key: 'actions',
    head: '',
    label: 'Actions',
    width: '14.5rem',
    cell: (group) => (
      <div className="table__actions">
        <Button icon="retries" onClick={() => setAsking({ action: 'retry', group })}>
          Replay
        </Button>
        <Button onClick={() => setAsking({ action: 'discard', group })}>Discard</Button>
      </div>
    ),
  }
  return (
    <Page title="Failed" lead={data === undefined ? '\u00a0' : leadText(data)}>
      <ReadingError error={error} onRetry={refetch} />
      <Panel title="By task and error" note="largest first" flush>
        <DataTable
          caption="Failed jobs by task and error"
          columns={may('job.retry') ? [...COLUMNS, actions] : COLUMNS}
          rows={data?.groups}
          rowKey={({ task, fingerprint }) => `${task} ${fingerprint}`}
          empty={
            <EmptyState icon="check" title="No job has failed for good">
              Jobs that use up their attempts are kept here, to be replayed or discarded.
            </EmptyState>
          }
        />
      </Panel>
      {asking !== undefined && (
        <OperationDialog
          action={asking.action}
          target={{ kind: 'query', query: asking.group.query }}
          which={`${asking.group.task}, ${asking.group.failure.name}`}
          onClose={() => setAsking(undefined)}
        />
      )}
    </Page>
  )
}

function leadText({ total, scanned, complete }: FailedGroups): string {
  const count = plural(total, 'job')
  return complete
    ? `${count} failed for good and kept.`
    : `${count} kept; grouped are the newest ${countText(scanned)}.`
}

const COLUMNS: readonly Column<FailedGroup>[] = [
  { key: 'count', head: 'Jobs', width: '5rem', figures: true, cell: ({ count }) => <b>{countText(count)}</b> },
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
    key: 'queues',
    head: 'Queues',
    width: '9rem',
    cell: ({ queues }) => <span className="cut">{queues.join(', ')}</span>,
  },
  { key: 'first', head: 'First', width: '6rem', cell: ({ firstAt }) => <TimeAgo at={firstAt} /> },
  { key: 'last', head: 'Last', width: '6rem', cell: ({ lastAt }) => <TimeAgo at={lastAt} /> },
]
