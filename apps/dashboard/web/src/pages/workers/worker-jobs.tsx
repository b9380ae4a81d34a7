import type { Worker } from '@millrace/dashboard/contract'
import { TimeAgo } from '../../design/time-ago.js'
import { plural } from '../../format/figure-text.js'
import { JobLink } from '../../jobs/job-link.js'

/** What a worker runs, about the longest first. */
export function WorkerJobs({ worker: { host, pid, jobs, running } }: { readonly worker: Worker }) {
  if (jobs.length === 0) return <p className="faint">Nothing ran when it was last seen.</p>
  const more = running - jobs.length
  return (
    <>
      <ul className="worker__jobs" aria-label={`Jobs that run on ${host}, pid ${pid}`}>
        {jobs.map(({ id, queue, task, attempt, since }) => (
          <li key={`${queue} ${id}`}>
            <span className="cut">{task}</span>
            <JobLink id={id} queue={queue} />
            <span className="faint">{attempt === 1 ? '' : `attempt ${attempt}`}</span>
            <span className="faint">
              started <TimeAgo at={since} />
            </span>
          </li>
        ))}
      </ul>
      {more > 0 && <p className="faint">And {plural(more, 'job')} that started later.</p>}
    </>
  )
}
