const UNITS = [
  { name: 'd', ms: 86_400_000 },
  { name: 'h', ms: 3_600_000 },
  { name: 'm', ms: 60_000 },
  { name: 's', ms: 1_000 },
] as const

/** A duration in at most two units: `340 ms`, `8.2 s`, `4m 12s`, `3d 4h`. */
export function durationText(ms: number): string {
  const size = Math.max(0, ms)
  if (size > 0 && size < 1) return '< 1 ms'
  if (size < 1_000) return `${Math.round(size)} ms`
  if (size < 10_000) return `${(Math.floor(size / 100) / 10).toFixed(1)} s`
  return wholeText(size)
}

/** The same in whole seconds, for figures that tick: `8s`, `4m 12s`. */
export function wholeText(ms: number): string {
  const size = Math.max(0, ms)
  const at = UNITS.findIndex((unit) => size >= unit.ms)
  const big = UNITS[at]
  if (big === undefined) return '0s'
  const count = Math.floor(size / big.ms)
  const small = UNITS[at + 1]
  const rest = small === undefined ? 0 : Math.floor((size % big.ms) / small.ms)
  return rest === 0 || small === undefined ? `${count}${big.name}` : `${count}${big.name} ${rest}${small.name}`
}
