import type { Failure } from '@millrace/dashboard/contract'
import { Nothing } from '../design/nothing.js'
import './failure-line.css'

/** A failure in one line: its name, then what it said. */
export function FailureLine({ failure }: { readonly failure: Failure | null }) {
  if (failure === null) return <Nothing />
  return (
    <span className="failure-line cut" title={`${failure.name}: ${failure.message}`}>
      <b>{failure.name}</b> {failure.message}
    </span>
  )
}
