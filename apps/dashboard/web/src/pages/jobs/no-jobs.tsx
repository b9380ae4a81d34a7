import { EmptyState } from '../../design/empty-state.js'

interface NoJobsProps {
  readonly q: string
  /** The search did its bounded work and can go on. */
  readonly more: boolean
}

export function NoJobs({ q, more }: NoJobsProps) {
  if (more) {
    return (
      <EmptyState icon="search" title="Nothing so far">
        Each page looks at a bounded number of jobs. Look on below, or narrow the search with <code>queue:</code>,{' '}
        <code>state:</code> or <code>task:</code>.
      </EmptyState>
    )
  }
  if (q !== '') {
    return (
      <EmptyState icon="search" title="No job matches">
        Take a condition out of the line above. Jobs that succeeded are kept for a short time only.
      </EmptyState>
    )
  }
  return (
    <EmptyState icon="jobs" title="There are no jobs yet">
      Enqueue one: <code>millrace enqueue TASK '{'{"input": 1}'}'</code>
    </EmptyState>
  )
}
