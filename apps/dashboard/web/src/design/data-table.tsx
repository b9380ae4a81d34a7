// biome-ignore-all lint/a11y/noRedundantRoles: a browser forgets the roles where CSS takes the table's layout away
import { Fragment, type ReactNode } from 'react'
import './data-table.css'

export interface Column<Row> {
  readonly key: string
  /** Empty for a column of actions or marks: then `label` names it. */
  readonly head: string
  readonly label?: string | undefined
  readonly cell: (row: Row) => ReactNode
  /** Figures stand at the end. */
  readonly figures?: boolean | undefined
  /** CSS width; without one the column shares what is left. */
  readonly width?: string | undefined
  /** Leads its card on narrow screens, across it. */
  readonly lead?: boolean | undefined
  /** What is chosen by: stands before the lead of the card. */
  readonly mark?: boolean | undefined
  /** Says what it is by itself: no head beside it in the card. */
  readonly bare?: boolean | undefined
  /** Left out of the card on narrow screens. */
  readonly wideOnly?: boolean | undefined
}

interface DataTableProps<Row> {
  /** Names the table for those who cannot see it. */
  readonly caption: string
  readonly columns: readonly Column<Row>[]
  /** Undefined: not there yet; the place is kept for `expected` rows. */
  readonly rows: readonly Row[] | undefined
  readonly rowKey: (row: Row) => string
  readonly isSelected?: ((row: Row) => boolean) | undefined
  /** What stands under a row, across it; undefined for a row that is closed. */
  readonly below?: ((row: Row) => ReactNode) | undefined
  readonly expected?: number | undefined
  /** Instead of a table without rows. */
  readonly empty: ReactNode
}

/**
 * A table that becomes a list of cards where the screen is narrow. The roles are written out: a browser forgets them
 * where CSS takes the table's layout away. Columns have fixed widths, so rows that come and go move nothing sideways.
 */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const { caption, columns, rows, rowKey, isSelected, below, expected = 6, empty } = props
  if (rows?.length === 0) return <div>{empty}</div>
  return (
    <div className="table-frame">
      <table className="table" role="table" aria-busy={rows === undefined || undefined}>
        <caption className="visually-hidden">{caption}</caption>
        <colgroup>
          {columns.map((column) => (
            <col key={column.key} style={{ width: column.width }} />
          ))}
        </colgroup>
        <thead role="rowgroup">
          <tr role="row">
            {columns.map((column) => (
              <th key={column.key} role="columnheader" scope="col" className={column.figures ? 'table__figures' : ''}>
                {column.head === '' ? (
                  <span className="visually-hidden">{column.label ?? column.key}</span>
                ) : (
                  column.head
                )}
              </th>
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {rows === undefined
            ? Array.from({ length: expected }, (_, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: blank rows are all alike
                <BlankRow key={index} columns={columns.length} />
              ))
            : rows.map((row) => (
                <Fragment key={rowKey(row)}>
                  <tr role="row" className={isSelected?.(row) ? 'table__selected' : undefined}>
                    {columns.map((column) => (
                      <td
                        key={column.key}
                        role="cell"
                        data-head={column.bare ? '' : column.head}
                        className={cellClass(column)}
                      >
                        {column.cell(row)}
                      </td>
                    ))}
                  </tr>
                  <RowBelow columns={columns.length}>{below?.(row)}</RowBelow>
                </Fragment>
              ))}
        </tbody>
      </table>
    </div>
  )
}

function cellClass<Row>(column: Column<Row>): string {
  const names = []
  if (column.figures) names.push('table__figures')
  if (column.lead) names.push('table__lead')
  if (column.mark) names.push('table__mark')
  if (column.wideOnly) names.push('table__wide-only')
  return names.join(' ')
}

function RowBelow({ columns, children }: { readonly columns: number; readonly children: ReactNode }) {
  if (children === undefined) return null
  return (
    <tr role="row" className="table__below">
      <td role="cell" colSpan={columns} data-head="">
        {children}
      </td>
    </tr>
  )
}

function BlankRow({ columns }: { readonly columns: number }) {
  return (
    <tr role="row">
      <td role="cell" colSpan={columns}>
        <span className="blank" />
      </td>
    </tr>
  )
}
