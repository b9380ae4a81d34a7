import type { Worker, WorkerOrderAnswer } from '@millrace/dashboard/contract'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { readWorkers } from '../../api/queries.js'
import { post } from '../../api/request.js'
import { useOrder } from '../../api/use-order.js'
import { DataTable } from '../../design/data-table.js'
import { EmptyState } from '../../design/empty-state.js'
import { plural } from '../../format/figure-text.js'
import { Page } from '../../layout/page.js'
import { ReadingError } from '../../layout/reading-error.js'
import { useMay } from '../../session/use-me.js'
import { ResizeDialog } from './resize-dialog.js'
import { StopDialog } from './stop-dialog.js'
import { workerColumns } from './worker-columns.js'
import { WorkerJobs } from './worker-jobs.js'
import './workers-page.css'

type Asking = { readonly what: 'resize' | 'stop'; readonly worker: Worker }

export function WorkersPage() {
  const { data, error, refetch } = useQuery(readWorkers())
  const may = useMay()
  const order = useOrder('workers')
  const [asking, setAsking] = useState<Asking>()
  const [opened, setOpened] = useState<string>()
  const give = (worker: Worker, verb: string, size?: number) => {
    order.mutate({
      run: () =>
        post<WorkerOrderAnswer>(`/workers/${verb}`, { workers: [worker.id], ...(size !== undefined && { size }) }),
      said: 'The order is on its way to the workers.',
    })
    setAsking(undefined)
  }
  const workers = data?.workers
  const handlers = (workers ?? []).reduce((total, { concurrency }) => total + concurrency, 0)
  return (
    <Page
      title="Workers"
      lead={
        workers === undefined ? '\u00a0' : `${plural(workers.length, 'worker')}, ${plural(handlers, 'job')} at once`
      }
    >
      <ReadingError error={error} onRetry={refetch} />
      <div className="sheet">
        <DataTable
          caption="Workers"
          columns={workerColumns({
            opened,
            onToggle: ({ id }) => setOpened(id === opened ? undefined : id),
            may,
            onQuiet: (worker) => give(worker, 'quiet'),
            onResume: (worker) => give(worker, 'resume'),
            onResize: (worker) => setAsking({ what: 'resize', worker }),
            onStop: (worker) => setAsking({ what: 'stop', worker }),
          })}
          rows={workers}
          rowKey={({ id }) => id}
          below={(worker) => (worker.id === opened ? <WorkerJobs worker={worker} /> : undefined)}
          empty={
            <EmptyState icon="workers" title="No worker is running">
              Jobs wait until one is. Start one: <code>millrace worker --app worker.ts</code>
            </EmptyState>
          }
        />
      </div>
      {asking?.what === 'resize' && (
        <ResizeDialog
          worker={asking.worker}
          onClose={() => setAsking(undefined)}
          onConfirm={(size) => give(asking.worker, 'resize', size)}
        />
      )}
      {asking?.what === 'stop' && (
        <StopDialog
          worker={asking.worker}
          onClose={() => setAsking(undefined)}
          onConfirm={() => give(asking.worker, 'stop')}
        />
      )}
    </Page>
  )
}
