import type { Permission, Worker } from '@millrace/dashboard/contract'
import { Button } from '../../design/button.js'
import type { Column } from '../../design/data-table.js'
import { Tag } from '../../design/tag.js'
import { durationText, wholeText } from '../../format/duration-text.js'
import { bytesText } from '../../format/figure-text.js'
import { isLate } from './is-late.js'
import { WorkerLoad } from './worker-load.js'

interface WorkerOrders {
  /** Whose jobs are shown. */
  readonly opened: string | undefined
  readonly onToggle: (worker: Worker) => void
  readonly may: (permission: Permission) => boolean
  readonly onQuiet: (worker: Worker) => void
  readonly onResume: (worker: Worker) => void
  readonly onResize: (worker: Worker) => void
  readonly onStop: (worker: Worker) => void
}

const STATE_TONES = { starting: 'waiting', running: 'good', quiet: 'warn', draining: 'warn', stopped: 'idle' } as const
/** A loop that answers this late keeps handlers and heartbeats waiting. */
const BUSY_LOOP_MS = 200

export function workerColumns(orders: WorkerOrders): Column<Worker>[] {
  const columns = [...WHO, load(orders), ...CONDITION]
  return orders.may('worker.quiet') ? [...columns, actions(orders)] : columns
}

const WHO: readonly Column<Worker>[] = [
  {
    key: 'worker',
    head: 'Worker',
    lead: true,
    cell: ({ host, pid, id, version }) => (
      <div tabIndex={-1} data-row="" title={`${id}, Millrace ${version}`}>
        <span className="cut">
          {host} <span className="faint">pid {pid}</span>
        </span>
        <span className="cut faint mono">{id}</span>
      </div>
    ),
  },
  {
    key: 'state',
    head: 'State',
    width: '6rem',
    bare: true,
    cell: ({ state }) => <Tag tone={STATE_TONES[state]}>{state}</Tag>,
  },
]

const CONDITION: readonly Column<Worker>[] = [
  {
    key: 'queues',
    head: 'Queues',
    width: '16%',
    cell: ({ queues }) => (
      <span className="cut" title={queues.join(', ')}>
        {queues.join(', ')}
      </span>
    ),
  },
  {
    key: 'seen',
    head: 'Seen',
    width: '5.5rem',
    cell: ({ seenAgoMs, running }) => (
      <Late isLate={isLate({ seenAgoMs, running })}>{seenAgoMs === null ? '–' : `${wholeText(seenAgoMs)} ago`}</Late>
    ),
  },
  {
    key: 'loop',
    head: 'Loop delay',
    width: '6rem',
    figures: true,
    cell: ({ eventLoopDelayMs }) => (
      <Late isLate={(eventLoopDelayMs ?? 0) > BUSY_LOOP_MS}>
        {eventLoopDelayMs === null ? '–' : durationText(eventLoopDelayMs)}
      </Late>
    ),
  },
  {
    key: 'memory',
    head: 'Memory',
    width: '5.5rem',
    figures: true,
    cell: ({ rssBytes }) => (rssBytes === null ? '–' : bytesText(rssBytes)),
  },
  {
    key: 'up',
    head: 'Up',
    width: '5.5rem',
    figures: true,
    cell: ({ uptimeMs }) => wholeText(uptimeMs),
  },
]

function load({ opened, onToggle }: WorkerOrders): Column<Worker> {
  return {
    key: 'load',
    head: 'Running',
    width: '11rem',
    cell: (worker) => <WorkerLoad worker={worker} isOpen={worker.id === opened} onToggle={() => onToggle(worker)} />,
  }
}

function actions({ may, onQuiet, onResume, onResize, onStop }: WorkerOrders): Column<Worker> {
  return {
    key: 'actions',
    head: '',
    label: 'Actions',
    width: '9rem',
    cell: (worker) => (
      <div className="table__actions">
        {worker.state === 'quiet' ? (
          <Button
            look="quiet"
            icon="play"
            label={`Let ${worker.host} ${worker.pid} take jobs again`}
            onClick={() => onResume(worker)}
          />
        ) : (
          <Button
            look="quiet"
            icon="quiet"
            label={`Quiet ${worker.host} ${worker.pid}: take nothing new`}
            onClick={() => onQuiet(worker)}
          />
        )}
        <Button
          look="quiet"
          icon="resize"
          label={`Resize ${worker.host} ${worker.pid}`}
          onClick={() => onResize(worker)}
        />
        {may('worker.stop') && (
          <Button look="quiet" icon="stop" label={`Stop ${worker.host} ${worker.pid}`} onClick={() => onStop(worker)} />
        )}
      </div>
    ),
  }
}

function Late({ isLate, children }: { readonly isLate: boolean; readonly children: string }) {
  return isLate ? <span className="worker__late">{children}</span> : children
}
