import { RANGES, type Range } from '@millrace/dashboard/contract'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { readOverview } from '../../api/queries.js'
import { Segmented } from '../../design/segmented.js'
import { Page } from '../../layout/page.js'
import { ReadingError } from '../../layout/reading-error.js'
import { AttentionPanel } from './attention-panel.js'
import { BusiestPanel } from './busiest-panel.js'
import { Flow } from './flow.js'
import './overview-page.css'
import { TrendsPanel } from './trends-panel.js'

const OPTIONS = RANGES.map((range) => ({ value: range, text: range }))

export function OverviewPage() {
  const [range, setRange] = useState<Range>('1h')
  const { data, error, refetch } = useQuery(readOverview(range))
  return (
    <Page
      title="Overview"
      actions={<Segmented label="Look back" options={OPTIONS} value={range} onChange={setRange} />}
    >
      <ReadingError error={error} onRetry={refetch} />
      <Flow totals={data?.totals} />
      <AttentionPanel attention={data?.attention} />
      <TrendsPanel overview={data} />
      <div className="overview__busiest">
        <BusiestPanel
          title="Queues"
          what="queue"
          rows={data?.byQueue.map(({ queue, series }) => ({ name: queue, series }))}
        />
        <BusiestPanel
          title="Tasks"
          what="task"
          rows={data?.byTask.map(({ task, series }) => ({ name: task, series }))}
        />
      </div>
    </Page>
  )
}
