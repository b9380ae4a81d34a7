const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
] as const

/** A duration for people, two units at most: `3d 4h`, `5m`, `12s`, `80ms`. */
export function durationText(ms: number): string {
  if (ms < 1_000) return `${Math.max(0, Math.round(ms))}ms`
  const at = UNITS.findIndex(([, size]) => ms >= size)
  const [unit, size] = UNITS[at] as (typeof UNITS)[number]
  const whole = Math.floor(ms / size)
  const next = UNITS[at + 1]
  if (next === undefined || whole >= 10) return `${whole}${unit}`
  const rest = Math.floor((ms - whole * size) / next[1])
  return rest === 0 ? `${whole}${unit}` : `${whole}${unit} ${rest}${next[0]}`
}

/** `3m ago`, `in 5m`, `now`. */
export function whenText(at: number, now: number): string {
  const distance = at - now
  if (Math.abs(distance) < 1_000) return 'now'
  return distance < 0 ? `${durationText(-distance)} ago` : `in ${durationText(distance)}`
}
