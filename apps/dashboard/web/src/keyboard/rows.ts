/** On the element of a row that `j` and `k` go to: the link that opens it. */
export const ROW = 'data-row'
/** On the checkbox of a row. */
export const ROW_SELECT = 'data-row-select'

/** Moves the focus from row to row; from elsewhere, to the first. */
export function focusRow(where: 'next' | 'before'): void {
  const rows = [...document.querySelectorAll<HTMLElement>(`main [${ROW}]`)]
  const current = document.activeElement?.closest('tr, li')
  const at = rows.findIndex((row) => current?.contains(row) === true)
  const row = rows[at === -1 ? 0 : at + (where === 'next' ? 1 : -1)]
  row?.focus()
  row?.scrollIntoView({ block: 'nearest' })
}

/** Ticks or unticks the row that has the focus. */
export function toggleRow(): void {
  document.activeElement?.closest('tr')?.querySelector<HTMLElement>(`[${ROW_SELECT}]`)?.click()
}
