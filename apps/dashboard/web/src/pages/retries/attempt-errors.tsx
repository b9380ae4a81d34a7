import { useQuery } from '@tanstack/react-query'
import { readJob } from '../../api/queries.js'
import { FailureList } from '../../jobs/failure-list.js'
import { ReadingError } from '../../layout/reading-error.js'

/** Each attempt's error of one job. */
export function AttemptErrors({ id, queue }: { readonly id: string; readonly queue: string }) {
  const { data, error, refetch } = useQuery(readJob(id, queue))
  if (data === undefined) return <ReadingError error={error} onRetry={refetch} />
  if (data.history.length === 0) return <p className="faint">Its errors are not kept any more.</p>
  return <FailureList failures={data.history} />
}
