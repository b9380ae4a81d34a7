import { setTimeout as sleep } from 'node:timers/promises'
import { app, QUEUES } from '../tasks.js'

const LANES = Object.values(QUEUES).map((queue) => ({ queue, index: 0 }))

/** Empties what waits in the demo's queues. Says how many jobs that were. */
export async function purgeQueues(): Promise<number> {
  const { control } = await app.broker()
  let purged = 0
  for (const lane of LANES) {
    for (let more = true; more; ) {
      const step = await control.purge(lane)
      purged += step.purged
      more = step.more
    }
  }
  return purged
}

/** A dead leader's lock and a dead worker's lease end within this, ms. */
const LEFTOVERS_END_WITHIN_MS = 20_000
const POLL_MS = 50

/**
 * Takes away what an earlier run has left, jobs included that its dead workers still hold: those come back when their
 * leases end, which needs a dispatcher. `onWait` is told how many they are. Says how many jobs were removed.
 */
export async function clearQueues(onWait: (held: number) => void): Promise<number> {
  const deadline = performance.now() + LEFTOVERS_END_WITHIN_MS
  let cleared = await purgeQueues()
  for (let held = await heldJobs(), first = true; held > 0 && performance.now() < deadline; held = await heldJobs()) {
    if (first) onWait(held)
    first = false
    await sleep(POLL_MS)
    cleared += await purgeQueues()
  }
  await discardFailed()
  return cleared
}

async function heldJobs(): Promise<number> {
  const { inspect } = await app.broker()
  const counts = await Promise.all(LANES.map((lane) => inspect.counts(lane)))
  return counts.reduce((sum, { running, suspects }) => sum + running + suspects, 0)
}

/** Removes the failed jobs of earlier runs, so that the only ones to be seen are this run's. */
async function discardFailed(): Promise<void> {
  const { control, inspect } = await app.broker()
  for (const lane of LANES) {
    for (let cursor: string | undefined, more = true; more; more = cursor !== undefined) {
      const page = await inspect.page(lane, 'failed', cursor === undefined ? {} : { cursor })
      for (const { ref } of page.jobs) await control.discard(ref)
      cursor = page.cursor
    }
  }
}
