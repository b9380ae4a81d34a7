/** One ticking second for all times on a page. Stands still while nobody looks at the page. */
const listeners = new Set<() => void>()
let timer: ReturnType<typeof setInterval> | undefined
let now = Date.now()
let aheadMs = 0

/** The server's time in ms since the epoch, as far as known; changes once a second. */
export function currentSecond(): number {
  return now + aheadMs
}

export function onSecond(listener: () => void): () => void {
  listeners.add(listener)
  if (timer === undefined) {
    now = Date.now()
    timer = setInterval(tick, 1_000)
  }
  return () => {
    listeners.delete(listener)
    if (listeners.size > 0) return
    clearInterval(timer)
    timer = undefined
  }
}

/** The `Date` header counts whole seconds: a smaller difference says nothing. */
const NOTICEABLE_MS = 2_000

/** Takes the `Date` header of an answer: countdowns go by the server's clock, not by the viewer's. */
export function learnServerTime(dateHeader: string | null): void {
  const server = dateHeader === null ? Number.NaN : Date.parse(dateHeader)
  if (Number.isNaN(server)) return
  const ahead = server - Date.now()
  aheadMs = Math.abs(ahead) < NOTICEABLE_MS ? 0 : ahead
}

function tick(): void {
  if (document.hidden) return
  now = Date.now()
  for (const listener of listeners) listener()
}
