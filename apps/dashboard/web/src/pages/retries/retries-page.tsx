import { useQuery } from '@tanstack/react-query'
import { readRetries } from '../../api/queries.js'
import { plural } from '../../format/figure-text.js'
import { Page } from '../../layout/page.js'
import { ReadingError } from '../../layout/reading-error.js'
import { NextAttemptsPanel } from './next-attempts-panel.js'
import { RetryGroupsPanel } from './retry-groups-panel.js'

/** Jobs between two attempts: which come next, and what they have in common. */
export function RetriesPage() {
  const { data, error, refetch } = useQuery(readRetries())
  const lead = data === undefined ? '\u00a0' : leadText(data)
  return (
    <Page title="Retries" lead={lead}>
      <ReadingError error={error} onRetry={refetch} />
      <RetryGroupsPanel groups={data?.groups} />
      <NextAttemptsPanel jobs={data?.next} />
    </Page>
  )
}

function leadText({ scanned, complete }: { readonly scanned: number; readonly complete: boolean }): string {
  const count = plural(scanned, 'job')
  if (complete) return `${count} between two attempts.`
  return `The first ${count} between two attempts; there are more. Search state:retrying to see all.`
}
