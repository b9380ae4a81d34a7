import type { Term } from '@millrace/dashboard/contract'
import { type Column, DataTable } from '../../design/data-table.js'
import { EmptyState } from '../../design/empty-state.js'
import { Nothing } from '../../design/nothing.js'
import { Panel } from '../../design/panel.js'
import { TimeAgo } from '../../design/time-ago.js'
import { wholeText } from '../../format/duration-text.js'

export function PastTermsPanel({ terms }: { readonly terms: readonly Term[] | undefined }) {
  return (
    <Panel title="Terms before" note="newest first" flush>
      <DataTable
        caption="Terms before, newest first"
        columns={COLUMNS}
        rows={terms}
        rowKey={({ epoch }) => `${epoch}`}
        expected={3}
        empty={
          <EmptyState icon="leader" title="Nobody led before">
            A change of leader is written down here.
          </EmptyState>
        }
      />
    </Panel>
  )
}

const COLUMNS: readonly Column<Term>[] = [
  { key: 'epoch', head: 'Epoch', width: '6rem', cell: ({ epoch }) => epoch },
  {
    key: 'process',
    head: 'Process',
    lead: true,
    cell: ({ host, pid }) => <span className="cut">{`${host}, pid ${pid}`}</span>,
  },
  {
    key: 'candidate',
    head: 'Candidate',
    wideOnly: true,
    cell: ({ candidate }) => <span className="cut mono faint">{candidate}</span>,
  },
  { key: 'since', head: 'Since', width: '7rem', cell: ({ since }) => <TimeAgo at={since} /> },
  { key: 'ended', head: 'Ended', width: '9rem', cell: ({ endedAt }) => <TimeAgo at={endedAt} none="without a word" /> },
  {
    key: 'length',
    head: 'Led for',
    width: '7rem',
    figures: true,
    cell: ({ since, endedAt }) => (endedAt === null ? <Nothing /> : wholeText(endedAt - since)),
  },
]
