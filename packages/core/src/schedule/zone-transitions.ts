/** A moment at which a time zone changes its distance from UTC. Offsets in ms, east positive. */
export interface ZoneTransition {
  /** The first instant of the new offset, ms since the epoch. */
  readonly at: number
  readonly before: number
  readonly after: number
}

const DAY_MS = 86_400_000
const OFFSET = /GMT(?:([+-])(\d{2}):(\d{2})(?::(\d{2}))?)?$/
/** Zones and years are few; the bound only keeps a caller that asks for every year from filling the memory. */
const MAX_CACHED_YEARS = 2_000

const formats = new Map<string, Intl.DateTimeFormat>()
const years = new Map<string, readonly ZoneTransition[]>()

/** Whether this Node knows the time zone. */
export function isTimeZone(zone: string): boolean {
  try {
    return formatOf(zone) !== undefined
  } catch {
    return false
  }
}

/** Local time minus UTC at an instant, ms. Throws `RangeError` for an unknown zone. */
export function zoneOffset(zone: string, at: number): number {
  if (zone === 'UTC') return 0
  const found = OFFSET.exec(formatOf(zone).format(at))
  if (found === null) throw new RangeError(`the offset of ${zone} cannot be read`)
  const [, sign, hours, minutes, seconds] = found
  if (sign === undefined) return 0
  const ms = (Number(hours) * 3_600 + Number(minutes) * 60 + Number(seconds ?? 0)) * 1_000
  return sign === '-' ? -ms : ms
}

/** The first transition after `after`, not later than `until`; both ms since the epoch. */
export function nextTransition(zone: string, after: number, until: number): ZoneTransition | undefined {
  if (zone === 'UTC') return undefined
  const last = yearOf(until)
  for (let year = yearOf(after); year <= last; year++) {
    const found = transitionsOf(zone, year).find(({ at }) => at > after)
    if (found !== undefined) return found.at <= until ? found : undefined
  }
  return undefined
}

/** The last transition in the `withinMs` up to and including `at`. */
export function lastTransition(zone: string, at: number, withinMs: number): ZoneTransition | undefined {
  if (zone === 'UTC') return undefined
  for (let year = yearOf(at); year >= yearOf(at - withinMs); year--) {
    const found = transitionsOf(zone, year).findLast((each) => each.at <= at)
    if (found !== undefined) return found.at > at - withinMs ? found : undefined
  }
  return undefined
}

function formatOf(zone: string): Intl.DateTimeFormat {
  let format = formats.get(zone)
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' })
    formats.set(zone, format)
  }
  return format
}

function yearOf(at: number): number {
  return new Date(at).getUTCFullYear()
}

/** Looked for a day at a time: no zone has changed twice within a day. */
function transitionsOf(zone: string, year: number): readonly ZoneTransition[] {
  const key = `${zone} ${year}`
  const known = years.get(key)
  if (known !== undefined) return known
  const found: ZoneTransition[] = []
  const end = Date.UTC(year + 1, 0)
  let low = Date.UTC(year, 0) - 1
  let before = zoneOffset(zone, low)
  while (low < end - 1) {
    const high = Math.min(low + DAY_MS, end - 1)
    const after = zoneOffset(zone, high)
    if (after !== before) found.push({ at: firstAt(zone, low, { high, after }), before, after })
    before = after
    low = high
  }
  if (years.size >= MAX_CACHED_YEARS) years.clear()
  years.set(key, found)
  return found
}

/** The first ms in (low, high] whose offset is `after`. */
function firstAt(zone: string, low: number, { high, after }: { high: number; after: number }): number {
  let [from, to] = [low, high]
  while (to - from > 1) {
    const middle = Math.floor((from + to) / 2)
    if (zoneOffset(zone, middle) === after) to = middle
    else from = middle
  }
  return to
}
