import type { Permission, Queue } from '@millrace/dashboard/contract'
import { Button } from '../../design/button.js'
import type { Column } from '../../design/data-table.js'
import { Nothing } from '../../design/nothing.js'
import { Tag } from '../../design/tag.js'
import { durationText } from '../../format/duration-text.js'
import { countText, rateText, shortCount } from '../../format/figure-text.js'
import { JobsLink } from '../../jobs/jobs-link.js'

interface QueueOrders {
  readonly may: (permission: Permission) => boolean
  readonly onPause: (queue: Queue) => void
  readonly onResume: (queue: Queue) => void
  readonly onPurge: (queue: Queue) => void
}

export function queueColumns({ may, onPause, onResume, onPurge }: QueueOrders): Column<Queue>[] {
  const columns: Column<Queue>[] = [
    {
      key: 'queue',
      head: 'Queue',
      lead: true,
      cell: (queue) => (
        <div className="queue" id={queue.queue}>
          <JobsLink filter={{ queues: [queue.queue] }} row>
            {queue.queue}
          </JobsLink>
          <QueueMark queue={queue} />
        </div>
      ),
    },
    figure('Ready', ({ ready, suspects }) => ready + suspects),
    figure('Running', ({ running }) => running),
    figure('Due later', ({ due }) => due),
    figure('Parked', ({ parked }) => parked),
    figure('Failed', ({ failed }) => failed),
    {
      key: 'oldest',
      head: 'Oldest ready',
      width: '7rem',
      figures: true,
      cell: ({ oldestReadyMs }) => (oldestReadyMs === null ? <Nothing /> : durationText(oldestReadyMs)),
    },
    {
      key: 'rate',
      head: 'Done /s',
      width: '5.5rem',
      figures: true,
      cell: ({ perSecond }) => (perSecond === null ? <Nothing /> : rateText(perSecond.succeeded)),
    },
    figure('Workers', ({ workers }) => workers),
  ]
  if (!may('queue.pause')) return columns
  return [
    ...columns,
    {
      key: 'actions',
      head: '',
      label: 'Actions',
      width: '14.5rem',
      cell: (queue) => (
        <div className="table__actions">
          {queue.paused ? (
            <Button icon="play" aria-label={`Resume ${queue.queue}`} onClick={() => onResume(queue)}>
              Resume
            </Button>
          ) : (
            <Button icon="pause" aria-label={`Pause ${queue.queue}`} onClick={() => onPause(queue)}>
              Pause
            </Button>
          )}
          {may('queue.purge') && (
            <Button aria-label={`Purge ${queue.queue}…`} onClick={() => onPurge(queue)}>
              Purge…
            </Button>
          )}
        </div>
      ),
    },
  ]
}

function QueueMark({ queue: { paused, pausedLanes, workers, ready } }: { readonly queue: Queue }) {
  if (paused) return <Tag tone="warn">paused</Tag>
  if (pausedLanes > 0) return <Tag tone="warn">pausing</Tag>
  if (workers === 0 && ready > 0) return <Tag tone="bad">no worker</Tag>
  return null
}

function figure(head: string, pick: (queue: Queue) => number): Column<Queue> {
  return {
    key: head,
    head,
    width: '5.25rem',
    figures: true,
    cell: (queue) => {
      const count = pick(queue)
      return count === 0 ? <span className="faint">0</span> : <span title={countText(count)}>{shortCount(count)}</span>
    },
  }
}
