import type { Worker } from '@millrace/dashboard/contract'
import { Button } from '../../design/button.js'

interface WorkerLoadProps {
  readonly worker: Worker
  /** Its jobs are shown. */
  readonly isOpen: boolean
  readonly onToggle: () => void
}

/** Handlers that run, of how many may; opens the list of what runs. */
export function WorkerLoad({ worker: { host, pid, running, concurrency }, isOpen, onToggle }: WorkerLoadProps) {
  return (
    <span className="worker__running">
      <span className="worker__load">
        <meter min={0} max={concurrency} value={running} aria-label="Handlers that run" />
        <span className="figures">
          {running} of {concurrency}
        </span>
      </span>
      <Button
        look="quiet"
        icon={isOpen ? 'close' : 'down'}
        label={`${isOpen ? 'Hide' : 'Show'} what runs on ${host} ${pid}`}
        aria-expanded={isOpen}
        disabled={running === 0 && !isOpen}
        onClick={onToggle}
      />
    </span>
  )
}
