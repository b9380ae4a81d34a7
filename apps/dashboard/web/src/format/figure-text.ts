const WHOLE = new Intl.NumberFormat('en', { maximumFractionDigits: 0 })
const SHORT = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 })
const RATE = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 })
const BYTE_UNITS = ['B', 'KB', 'MB', 'GB', 'TB'] as const

/** Every digit, in groups: `1,204,551`. */
export function countText(count: number): string {
  return WHOLE.format(count)
}

/** For tight places: `1.2M`. Below 10,000 every digit. */
export function shortCount(count: number): string {
  return Math.abs(count) < 10_000 ? WHOLE.format(count) : SHORT.format(count)
}

/** Three digits of a rate: `0.25`, `12.4`, `1,240`. */
export function rateText(perSecond: number): string {
  return RATE.format(perSecond)
}

/** By 1,024: `512 B`, `72.5 MB`. */
export function bytesText(bytes: number): string {
  let size = bytes
  let unit = 0
  while (size >= 1_024 && unit < BYTE_UNITS.length - 1) {
    size /= 1_024
    unit++
  }
  const digits = unit === 0 || size >= 100 ? 0 : 1
  return `${size.toFixed(digits)} ${BYTE_UNITS[unit]}`
}

/** `1 job`, `2 jobs`. */
export function plural(count: number, one: string): string {
  return `${countText(count)} ${count === 1 ? one : `${one}s`}`
}
