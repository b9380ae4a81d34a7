import { type Column, printWidth, table } from './table.js'

export function printLine(text: string): void {
  process.stdout.write(`${text}\n`)
}

/** For what is no result: progress, hints. */
export function printNote(text: string): void {
  process.stderr.write(`${text}\n`)
}

/** Exactly what a monitor call returned. */
export function printJson(value: unknown): void {
  printLine(JSON.stringify(value, undefined, 2))
}

export function printTable<Row>(rows: readonly Row[], columns: readonly Column<Row>[], empty: string): void {
  printLine(rows.length === 0 ? empty : table(rows, columns, printWidth()))
}
