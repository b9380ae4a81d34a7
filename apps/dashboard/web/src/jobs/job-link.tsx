import { Link } from '@tanstack/react-router'
import './job-link.css'

interface JobLinkProps {
  readonly id: string
  readonly queue: string
  /** It is the row's own link, which `j` and `k` go to. */
  readonly row?: boolean | undefined
}

/** The job's id, leading to its page. */
export function JobLink({ id, queue, row = false }: JobLinkProps) {
  return (
    <Link
      to="/jobs/$id"
      params={{ id }}
      search={{ queue }}
      className="job-link cut"
      title={id}
      data-row={row ? '' : undefined}
    >
      {id}
    </Link>
  )
}
