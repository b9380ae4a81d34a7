import { type Attention, formatQueryLine } from '@millrace/dashboard/contract'
import { Link } from '@tanstack/react-router'

/** Leads to where something can be done about it. */
export function AttentionLink({ attention: { kind, queue, task } }: { readonly attention: Attention }) {
  switch (kind) {
    case 'no-workers':
    case 'worker-busy':
    case 'worker-blocked':
      return <Link to="/workers">Workers</Link>
    case 'no-leader':
    case 'schedule-late':
      return <Link to="/leader">Leader and schedules</Link>
    case 'queue-stuck':
    case 'queue-paused':
    case 'queue-old':
      return (
        <Link to="/queues" hash={queue ?? ''}>
          Queues
        </Link>
      )
    case 'failed-jobs':
      return <Link to="/failed">Failed</Link>
    case 'failing-task':
      return (
        <Link
          to="/jobs"
          search={{ q: formatQueryLine({ tasks: task === null ? [] : [task], states: ['retrying', 'failed'] }) }}
        >
          Its jobs
        </Link>
      )
    case 'store':
      return null
  }
}
