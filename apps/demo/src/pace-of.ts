import { CONCURRENCY } from './processes/worker-settings.js'

/** A run shorter than this has no middle in which a worker could be killed, ms. */
const SHORTEST_RUN_MS = 800
/** From so many on, the real work takes long enough. */
const MANY = 500
const MAX_PACE_MS = 150

/** What each document of a small folder is held up by, so that the run has a middle, ms. */
export function paceOf(documents: number, workers: number): number {
  if (documents >= MANY) return 0
  return Math.min(MAX_PACE_MS, Math.ceil((SHORTEST_RUN_MS * workers * CONCURRENCY) / Math.max(1, documents)))
}
