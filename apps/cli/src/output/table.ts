import { clip, plainLine } from './plain-text.js'

export interface Column<Row> {
  readonly title: string
  readonly value: (row: Row) => string | number
  /** Numbers stand at the right. Default 'left'. */
  readonly align?: 'left' | 'right'
  /** May be cut to fit the width. */
  readonly flexible?: boolean
}

const GAP = '  '
const MIN_FLEXIBLE = 8

/**
 * Rows as aligned text, no wider than `width` where columns may be cut. Without a width (no terminal) nothing is cut.
 */
export function table<Row>(rows: readonly Row[], columns: readonly Column<Row>[], width?: number): string {
  const cells = rows.map((row) => columns.map((column) => plainLine(String(column.value(row)))))
  const widths = columns.map((column, index) =>
    Math.max(lengthOf(column.title), ...cells.map((line) => lengthOf(line[index] ?? ''))),
  )
  if (width !== undefined) shrink(widths, columns, width)
  const lines = [columns.map((column) => column.title), ...cells].map((line) =>
    line.map((cell, index) => pad(cell, widths[index] ?? 0, columns[index]?.align)).join(GAP),
  )
  return lines.map((line) => line.trimEnd()).join('\n')
}

/** The width to print for: the terminal's, `COLUMNS`, or none. */
export function printWidth(): number | undefined {
  const given = Number(process.env['COLUMNS'])
  return process.stdout.columns ?? (Number.isInteger(given) && given > 0 ? given : undefined)
}

/** Takes from the widest flexible column until the line fits. */
function shrink<Row>(widths: number[], columns: readonly Column<Row>[], width: number): void {
  const total = () => widths.reduce((sum, one) => sum + one, 0) + GAP.length * (widths.length - 1)
  while (total() > width) {
    let widest = -1
    for (const [index, column] of columns.entries()) {
      const own = widths[index] ?? 0
      if (column.flexible === true && own > MIN_FLEXIBLE && own > (widths[widest] ?? 0)) widest = index
    }
    if (widest < 0) return
    widths[widest] = (widths[widest] ?? 0) - 1
  }
}

function pad(cell: string, width: number, align: 'left' | 'right' | undefined): string {
  const text = clip(cell, width)
  const space = ' '.repeat(Math.max(0, width - lengthOf(text)))
  return align === 'right' ? `${space}${text}` : `${text}${space}`
}

function lengthOf(text: string): number {
  return Array.from(text).length
}
