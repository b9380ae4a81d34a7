import { type JobSummary, parseQueryLine } from '@millrace/dashboard/contract'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import { readJobs } from '../../api/queries.js'
import { DataTable } from '../../design/data-table.js'
import { Notice } from '../../design/notice.js'
import { Page } from '../../layout/page.js'
import { Pager } from '../../layout/pager.js'
import { ReadingError } from '../../layout/reading-error.js'
import { BulkBar } from './bulk-bar.js'
import { jobColumns } from './job-columns.js'
import './jobs-page.css'
import { NoJobs } from './no-jobs.js'
import { StateFilter } from './state-filter.js'
import { jobKey, useSelection } from './use-selection.js'

const route = getRouteApi('/jobs')

/** All jobs in all states, as the query line says. */
export function JobsPage() {
  const { q = '' } = route.useSearch()
  // A new line begins at its first page, with nothing selected.
  return <JobsOfQuery key={q} q={q} />
}

function JobsOfQuery({ q }: { readonly q: string }) {
  const [cursors, setCursors] = useState<readonly string[]>([])
  const selection = useSelection()
  const problem = parseQueryLine(q).problems[0]
  const { data, error, refetch, isPlaceholderData } = useQuery({
    ...readJobs(q, cursors.at(-1)),
    enabled: problem === undefined,
    // What is selected stays in sight.
    ...(selection.size > 0 && { staleTime: Number.POSITIVE_INFINITY }),
  })
  const jobs = data?.jobs
  const go = (next: readonly string[]) => {
    setCursors(next)
    selection.clear()
  }
  return (
    <Page title="Jobs" actions={<StateFilter q={q} />}>
      {problem !== undefined && <Notice tone="bad">{problem.message}</Notice>}
      <ReadingError error={error} onRetry={refetch} />
      <div className="sheet" aria-busy={isPlaceholderData}>
        <BulkBar q={q} jobs={jobs ?? []} selection={selection} />
        <DataTable<JobSummary>
          caption="Jobs"
          columns={jobColumns(selection)}
          rows={problem === undefined ? jobs : []}
          rowKey={jobKey}
          isSelected={(job) => selection.has(job)}
          expected={12}
          empty={<NoJobs q={q} more={(data?.cursor ?? null) !== null} />}
        />
        <Pager
          page={cursors.length}
          next={data?.cursor ?? null}
          scanned={data?.scanned}
          onFirst={() => go([])}
          onBack={() => go(cursors.slice(0, -1))}
          onNext={(cursor) => go([...cursors, cursor])}
        />
      </div>
    </Page>
  )
}
