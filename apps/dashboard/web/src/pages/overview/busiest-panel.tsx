import type { Series } from '@millrace/dashboard/contract'
import { SparkLine } from '../../chart/spark-line.js'
import { type Column, DataTable } from '../../design/data-table.js'
import { EmptyState } from '../../design/empty-state.js'
import { Nothing } from '../../design/nothing.js'
import { Panel } from '../../design/panel.js'
import { durationText } from '../../format/duration-text.js'
import { countText, shortCount } from '../../format/figure-text.js'
import { JobsLink } from '../../jobs/jobs-link.js'
import { sum } from './sum.js'

interface Busy {
  readonly name: string
  readonly series: Series
}

interface BusiestPanelProps {
  readonly title: string
  readonly what: 'queue' | 'task'
  readonly rows: readonly Busy[] | undefined
}

/** The busiest queues or tasks in the time looked at. */
export function BusiestPanel({ title, what, rows }: BusiestPanelProps) {
  return (
    <Panel title={title} note="busiest first" flush>
      <DataTable
        caption={`${title}, busiest first`}
        columns={columnsFor(what)}
        rows={rows}
        rowKey={({ name }) => name}
        expected={4}
        empty={
          <EmptyState icon={what === 'queue' ? 'queues' : 'jobs'} title={`No ${what} did anything in this time`}>
            Enqueue a job, or look further back.
          </EmptyState>
        }
      />
    </Panel>
  )
}

function columnsFor(what: 'queue' | 'task'): Column<Busy>[] {
  return [
    {
      key: 'name',
      head: what === 'queue' ? 'Queue' : 'Task',
      lead: true,
      cell: ({ name }) =>
        name === '(other)' ? (
          <span className="faint">{name}</span>
        ) : (
          <JobsLink filter={what === 'queue' ? { queues: [name] } : { tasks: [name] }} row>
            {name}
          </JobsLink>
        ),
    },
    {
      key: 'course',
      head: '',
      label: 'Course',
      width: '7rem',
      wideOnly: true,
      cell: ({ name, series }) => <SparkLine values={series.succeeded} label={`Jobs of ${name} over time`} />,
    },
    { key: 'done', head: 'Done', width: '5rem', figures: true, cell: ({ series }) => figure(sum(series.succeeded)) },
    {
      key: 'retried',
      head: 'Retried',
      width: '5rem',
      figures: true,
      cell: ({ series }) => figure(sum(series.retried)),
    },
    {
      key: 'failed',
      head: 'Failed',
      width: '4.5rem',
      figures: true,
      cell: ({ series }) => figure(sum(series.failed)),
    },
    {
      key: 'mean',
      head: 'Mean',
      width: '5rem',
      figures: true,
      cell: ({ series }) => {
        const last = series.handlerMs.findLast((value) => value !== null)
        return last === undefined || last === null ? <Nothing /> : durationText(last)
      },
    },
  ]
}

function figure(count: number) {
  return count === 0 ? <span className="faint">0</span> : <span title={countText(count)}>{shortCount(count)}</span>
}
