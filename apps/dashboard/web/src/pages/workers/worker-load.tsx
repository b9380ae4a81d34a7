import type { Worker } from '@millrace/dashboard/contract'

/** Handlers that run, of how many may. */
export function WorkerLoad({ worker: { running, concurrency } }: { readonly worker: Worker }) {
  return (
    <span className="worker__load">
      <meter min={0} max={concurrency} value={running} aria-label="Handlers that run" />
      <span className="figures">
        {running} of {concurrency}
      </span>
    </span>
  )
}
