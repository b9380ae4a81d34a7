import { formatQueryLine, type JobFilter } from '@millrace/dashboard/contract'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'

interface JobsLinkProps {
  readonly filter: Partial<JobFilter>
  readonly row?: boolean | undefined
  readonly children: ReactNode
}

/** Leads to the jobs that the filter means. */
export function JobsLink({ filter, row = false, children }: JobsLinkProps) {
  return (
    <Link to="/jobs" search={{ q: formatQueryLine(filter) }} className="cut" data-row={row ? '' : undefined}>
      {children}
    </Link>
  )
}
