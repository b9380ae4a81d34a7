/** Pairs of names that handlers use for what is done and what there is. */
const PAIRS = [
  ['done', 'total'],
  ['done', 'of'],
  ['current', 'total'],
  ['processed', 'total'],
] as const

/** The share that a progress value means, 0 … 1; undefined where it means none. Numbers above 1 are percent. */
export function shareDone(value: unknown): number | undefined {
  if (typeof value === 'number') return within(value <= 1 ? value : value / 100)
  if (typeof value !== 'object' || value === null) return undefined
  const figures = value as Readonly<Record<string, unknown>>
  if (typeof figures.percent === 'number') return within(figures.percent / 100)
  for (const [done, all] of PAIRS) {
    const [part, whole] = [figures[done], figures[all]]
    if (typeof part === 'number' && typeof whole === 'number' && whole > 0) return within(part / whole)
  }
  return undefined
}

function within(share: number): number | undefined {
  return share >= 0 && share <= 1 ? share : undefined
}
