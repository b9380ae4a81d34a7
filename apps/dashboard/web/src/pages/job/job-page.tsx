import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { readJob } from '../../api/queries.js'
import { StateBadge } from '../../design/state-badge.js'
import { JobActions } from '../../jobs/job-actions.js'
import { Page } from '../../layout/page.js'
import { ReadingError } from '../../layout/reading-error.js'
import { JobFacts } from './job-facts.js'
import { JobHistory } from './job-history.js'
import { JobLog } from './job-log.js'
import './job-page.css'
import { JobPayload } from './job-payload.js'
import { JobProgress } from './job-progress.js'
import { JobTimeline } from './job-timeline.js'

const route = getRouteApi('/jobs/$id')

/** One job, with all that is known about it. */
export function JobPage() {
  const { id } = route.useParams()
  const { queue } = route.useSearch()
  const { data: job, error, refetch } = useQuery(readJob(id, queue))
  return (
    <Page
      title={job?.task ?? 'Job'}
      lead={
        <span className="job__lead">
          {job !== undefined && <StateBadge state={job.state} />}
          <span className="mono">{id}</span>
        </span>
      }
      actions={job !== undefined && <JobActions job={job} />}
    >
      <ReadingError error={error} onRetry={refetch} />
      {job !== undefined && (
        <div className="job">
          <div className="job__main">
            <JobFacts job={job} />
            <JobProgress job={job} />
            <JobHistory job={job} />
            <JobLog job={job} />
            <JobPayload job={job} />
          </div>
          <JobTimeline timeline={job.timeline} />
        </div>
      )}
    </Page>
  )
}
