import { countText } from '../../format/figure-text.js'

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
  const { percent } = value as { readonly percent?: unknown }
  if (typeof percent === 'number') return within(percent / 100)
  const [part, whole] = pairOf(value) ?? []
  return part === undefined || whole === undefined ? undefined : within(part / whole)
}

/** `20 of 40`, where a value says just that. */
export function pairText(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || Object.keys(value).length !== 2) return undefined
  const pair = pairOf(value)
  return pair === undefined ? undefined : `${countText(pair[0])} of ${countText(pair[1])}`
}

function pairOf(value: object): readonly [number, number] | undefined {
  const figures = value as Readonly<Record<string, unknown>>
  for (const [done, all] of PAIRS) {
    const [part, whole] = [figures[done], figures[all]]
    if (typeof part === 'number' && typeof whole === 'number' && whole > 0) return [part, whole]
  }
  return undefined
}

function within(share: number): number | undefined {
  return share >= 0 && share <= 1 ? share : undefined
}
