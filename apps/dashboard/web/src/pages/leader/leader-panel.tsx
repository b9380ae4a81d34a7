import type { Leader } from '@millrace/dashboard/contract'
import { EmptyState } from '../../design/empty-state.js'
import { Facts } from '../../design/facts.js'
import { Notice } from '../../design/notice.js'
import { Panel } from '../../design/panel.js'
import { Tag } from '../../design/tag.js'
import { TimeAgo } from '../../design/time-ago.js'

export function LeaderPanel({ leader }: { readonly leader: Leader | undefined }) {
  const term = leader?.term ?? undefined
  return (
    <Panel title="Leader" note={term !== undefined && <LeaderMark endedAt={term.endedAt} />}>
      {leader === undefined && <p className="faint">…</p>}
      {leader?.term === null && (
        <EmptyState icon="leader" title="No dispatcher has ever led">
          Delayed jobs, retries and schedules wait for one. Every worker process carries one; or start{' '}
          <code>millrace dispatcher</code>.
        </EmptyState>
      )}
      {term !== undefined && term.endedAt !== null && (
        <Notice tone="warn">
          Its term is over and nobody has taken on since. Ready jobs still run; delayed jobs, retries and schedules
          wait.
        </Notice>
      )}
      {term !== undefined && (
        <Facts
          facts={[
            { name: 'Process', value: `${term.host}, pid ${term.pid}` },
            { name: 'Term since', value: <TimeAgo at={term.since} /> },
            { name: 'Epoch', value: <span title="The term’s fencing number: it only grows">{term.epoch}</span> },
            { name: 'Candidate', value: <span className="mono">{term.candidate}</span> },
          ]}
        />
      )}
    </Panel>
  )
}

function LeaderMark({ endedAt }: { readonly endedAt: number | null }) {
  return endedAt === null ? <Tag tone="good">leads</Tag> : <Tag tone="warn">no leader now</Tag>
}
