import { JOB_ACTIONS, type JobAction, type JobSummary, type OperationTarget } from '@millrace/dashboard/contract'
import { useState } from 'react'
import { Button } from '../../design/button.js'
import { plural } from '../../format/figure-text.js'
import { ACTION_WORDS } from '../../jobs/action-words.js'
import { OperationDialog } from '../../operations/operation-dialog.js'
import { useMay } from '../../session/use-me.js'
import { actionsForQuery } from './actions-for-query.js'
import type { Selection } from './use-selection.js'

interface BulkBarProps {
  readonly q: string
  readonly jobs: readonly JobSummary[]
  readonly selection: Selection
}

interface Asking {
  readonly action: JobAction
  readonly target: OperationTarget
  readonly which: string
}

/** Acts on what is selected or, with a query, on all that match it. */
export function BulkBar({ q, jobs, selection }: BulkBarProps) {
  const may = useMay()
  const [asking, setAsking] = useState<Asking>()
  const selected = selection.size > 0
  const states = selected ? jobs.filter((job) => selection.has(job)).map((job) => job.state) : undefined
  const actions = JOB_ACTIONS.filter((action) => may(`job.${action}`) && actionsForQuery(q, states).includes(action))
  const all = jobs.length > 0 && jobs.every((job) => selection.has(job))
  const target: Omit<Asking, 'action'> = selected
    ? { target: { kind: 'jobs', jobs: [...selection.jobs] }, which: plural(selection.size, 'selected job') }
    : { target: { kind: 'query', query: q }, which: 'all that match' }
  return (
    <div className="bulk">
      <label className="bulk__all">
        <input
          type="checkbox"
          className="tick"
          checked={all}
          disabled={jobs.length === 0}
          ref={(box) => {
            if (box !== null) box.indeterminate = selected && !all
          }}
          onChange={() => selection.toggleAll(jobs)}
        />
        {selected ? <b>{selection.size} selected</b> : 'Select the page'}
      </label>
      {selected && (
        <Button look="quiet" onClick={selection.clear}>
          Clear
        </Button>
      )}
      {jobs.length > 0 && (selected || q !== '') && actions.length > 0 && (
        <div className="bulk__actions">
          <span className="bulk__said visually-hidden">{selected ? 'Selected jobs:' : 'All that match:'}</span>
          {actions.map((action) => (
            <Button
              key={action}
              icon={ACTION_WORDS[action].icon}
              onClick={() => setAsking({ action, ...target })}
            >{`${ACTION_WORDS[action].name}${selected ? '' : ' all'}…`}</Button>
          ))}
        </div>
      )}
      {asking !== undefined && (
        <OperationDialog {...asking} onClose={() => setAsking(undefined)} onStarted={selection.clear} />
      )}
    </div>
  )
}
