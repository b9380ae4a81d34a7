import type { Operation, Queue } from '@millrace/dashboard/contract'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { readQueues } from '../../api/queries.js'
import { post } from '../../api/request.js'
import { useOrder } from '../../api/use-order.js'
import { DataTable } from '../../design/data-table.js'
import { EmptyState } from '../../design/empty-state.js'
import { plural } from '../../format/figure-text.js'
import { Page } from '../../layout/page.js'
import { ReadingError } from '../../layout/reading-error.js'
import { noteOperation } from '../../live/use-live-events.js'
import { useMay } from '../../session/use-me.js'
import { PurgeDialog } from './purge-dialog.js'
import { queueColumns } from './queue-columns.js'
import './queues-page.css'

export function QueuesPage() {
  const { data, error, refetch } = useQuery(readQueues())
  const client = useQueryClient()
  const may = useMay()
  const order = useOrder('queues')
  const [purging, setPurging] = useState<Queue>()
  const path = (queue: string, verb: string) => `/queues/${encodeURIComponent(queue)}/${verb}`
  return (
    <Page title="Queues" lead={data === undefined ? '\u00a0' : plural(data.queues.length, 'queue')}>
      <ReadingError error={error} onRetry={refetch} />
      <div className="sheet">
        <DataTable
          caption="Queues"
          columns={queueColumns({
            may,
            onPause: ({ queue }) =>
              order.mutate({
                run: () => post(path(queue, 'pause')),
                said: `${queue} is paused: running jobs finish, nothing more starts.`,
              }),
            onResume: ({ queue }) =>
              order.mutate({ run: () => post(path(queue, 'resume')), said: `${queue} hands out jobs again.` }),
            onPurge: setPurging,
          })}
          rows={data?.queues}
          rowKey={({ queue }) => queue}
          empty={
            <EmptyState icon="queues" title="There are no queues yet">
              A queue is there once the first job was put on it.
            </EmptyState>
          }
        />
      </div>
      {purging !== undefined && (
        <PurgeDialog
          queue={purging}
          onClose={() => setPurging(undefined)}
          onConfirm={() => {
            order.mutate({
              run: async () => noteOperation(client, await post<Operation>(path(purging.queue, 'purge'))),
              said: `Purging ${purging.queue}.`,
            })
            setPurging(undefined)
          }}
        />
      )}
    </Page>
  )
}
