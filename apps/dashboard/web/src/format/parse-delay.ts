const MS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const
const MAX_MS = 365 * MS.d

/** `30s`, `5m`, `2h`, `1d` in ms; undefined where it is none of these, or longer than a year. */
export function parseDelay(text: string): number | undefined {
  const match = /^(\d{1,9})\s?(ms|s|m|h|d)$/.exec(text.trim())
  if (match === null) return undefined
  const ms = Number(match[1]) * MS[match[2] as keyof typeof MS]
  return ms <= MAX_MS ? ms : undefined
}
