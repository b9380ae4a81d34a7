import { Link } from '@tanstack/react-router'

interface GroupNameProps {
  readonly task: string
  /** The query line of the group. */
  readonly query: string
}

/** The task of a group of jobs, leading to them. */
export function GroupName({ task, query }: GroupNameProps) {
  return (
    <Link to="/jobs" search={{ q: query }} className="cut" data-row="">
      {task}
    </Link>
  )
}
