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

/** Removes the failed jobs of earlier runs, so that the only ones to be seen are this run's. */
export async function discardFailed(): Promise<void> {
  const { control, inspect } = await app.broker()
  for (const lane of LANES) {
    for (let cursor: string | undefined, more = true; more; more = cursor !== undefined) {
      const page = await inspect.page(lane, 'failed', cursor === undefined ? {} : { cursor })
      for (const { ref } of page.jobs) await control.discard(ref)
      cursor = page.cursor
    }
  }
}
