import { readyAge } from '../read/ready-age.js'
import type { LaneStore } from '../store/lane-store.js'

const STEP = 1_000
const MAX_FAILED = 10_000
const FAILED_KEPT_MS = 14 * 24 * 60 * 60 * 1_000
/** A seat that holds nothing and was not heard of for so long belongs to nobody. */
const IDLE_SEAT_MS = 60 * 60 * 1_000

/** One bounded step over what is kept after its time; wakes a worker if something waits. */
export function trimLane(lane: LaneStore): { readonly trimmed: number; readonly more: boolean } {
  const now = lane.now()
  lane.book.sample(now, backlogOf(lane))
  let trimmed = 0
  const full = () => trimmed >= STEP
  const drop = <K, V>(map: Map<K, V>, over: (value: V) => boolean) => {
    for (const [key, value] of map) {
      if (full()) return
      if (over(value) && map.delete(key)) trimmed += 1
    }
  }
  drop(lane.outcomes, (kept) => kept.until <= now)
  drop(lane.seen, (until) => until <= now)
  drop(lane.unique, (entry) => entry.until <= now)
  drop(lane.seats, (seat) => seat.held.size === 0 && now - seat.leaseFrom > IDLE_SEAT_MS + seat.leaseMs)
  for (const job of lane.failed) {
    if (full() || (lane.failed.size <= MAX_FAILED && now - (job.failedAt ?? now) <= FAILED_KEPT_MS)) break
    lane.lift(job)
    lane.jobs.delete(job.id)
    lane.reports.forget(job.id)
    trimmed += 1
  }
  lane.reports.trim(now)
  if (!lane.paused && lane.ready.size + lane.suspects.size + lane.lone.size > 0) lane.wake.ring()
  return { trimmed, more: full() }
}

function backlogOf(lane: LaneStore): { readonly backlog: number; readonly oldestReadyMs: number | undefined } {
  const { ready, suspects, lone, due } = lane
  const backlog = ready.size + suspects.size + lone.size + due.size
  return { backlog, oldestReadyMs: readyAge(lane) }
}
