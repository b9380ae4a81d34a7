import type { AuditEntry } from '@millrace/dashboard/contract'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { readAudit } from '../../api/queries.js'
import { type Column, DataTable } from '../../design/data-table.js'
import { EmptyState } from '../../design/empty-state.js'
import { Nothing } from '../../design/nothing.js'
import { Notice } from '../../design/notice.js'
import { Tag } from '../../design/tag.js'
import { TimeAgo } from '../../design/time-ago.js'
import { Page } from '../../layout/page.js'
import { Pager } from '../../layout/pager.js'
import { ReadingError } from '../../layout/reading-error.js'
import { useMay } from '../../session/use-me.js'

const TONES = { done: 'good', refused: 'bad', failed: 'warn' } as const

/** Who did what, the newest first. */
export function AuditPage() {
  const allowed = useMay()('audit.read')
  const [cursors, setCursors] = useState<readonly string[]>([])
  const { data, error, refetch } = useQuery({ ...readAudit(cursors.at(-1)), enabled: allowed })
  if (!allowed) {
    return (
      <Page title="Audit">
        <Notice tone="warn">Only admins read the audit log. Ask one of them.</Notice>
      </Page>
    )
  }
  return (
    <Page title="Audit" lead="Every action and every sign-in, the newest first.">
      <ReadingError error={error} onRetry={refetch} />
      <div className="sheet">
        <DataTable
          caption="Actions, newest first"
          columns={COLUMNS}
          rows={data?.entries}
          rowKey={({ id }) => id}
          empty={
            <EmptyState icon="audit" title="Nobody has done anything yet">
              Whatever is done from here or through the API is written down.
            </EmptyState>
          }
        />
        <Pager
          page={cursors.length}
          next={data?.cursor ?? null}
          onFirst={() => setCursors([])}
          onBack={() => setCursors(cursors.slice(0, -1))}
          onNext={(cursor) => setCursors([...cursors, cursor])}
        />
      </div>
    </Page>
  )
}

const COLUMNS: readonly Column<AuditEntry>[] = [
  { key: 'when', head: 'When', width: '7rem', cell: ({ at }) => <TimeAgo at={at} /> },
  {
    key: 'who',
    head: 'Who',
    width: '11rem',
    cell: ({ who, role }) => (
      <span className="cut">
        {who} {role !== null && <span className="faint">{role}</span>}
      </span>
    ),
  },
  { key: 'action', head: 'Action', width: '9rem', lead: true, cell: ({ action }) => <b>{action}</b> },
  {
    key: 'on',
    head: 'On',
    cell: ({ on }) =>
      on === '' ? (
        <Nothing />
      ) : (
        <span className="cut mono" title={on}>
          {on}
        </span>
      ),
  },
  {
    key: 'detail',
    head: 'Detail',
    cell: ({ detail }) => (detail === '' ? <Nothing /> : <span className="cut">{detail}</span>),
  },
  { key: 'outcome', head: 'Outcome', width: '6rem', cell: ({ outcome }) => <Tag tone={TONES[outcome]}>{outcome}</Tag> },
  { key: 'from', head: 'From', width: '9rem', cell: ({ from }) => <span className="cut mono">{from}</span> },
]
