/** A worker that runs jobs announces itself every 3 s, one that does nothing every 12 s: who misses two turns and more is late. */
const LATE_MS = { busy: 9_000, idle: 30_000 } as const

/** Whether a worker should have been heard of again; `seenAgoMs` null: it is not known when it was. */
export function isLate({
  seenAgoMs,
  running,
}: {
  readonly seenAgoMs: number | null
  readonly running: number
}): boolean {
  return (seenAgoMs ?? 0) > (running > 0 ? LATE_MS.busy : LATE_MS.idle)
}
