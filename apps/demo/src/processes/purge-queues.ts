import { app, QUEUES } from '../tasks.js'

/** Empties what waits in the demo's queues: leftovers of a run that was ended before its end. */
export async function purgeQueues(): Promise<number> {
  const { control } = await app.broker()
  let purged = 0
  for (const queue of Object.values(QUEUES)) {
    for (let more = true; more; ) {
      const step = await control.purge({ queue, index: 0 })
      purged += step.purged
      more = step.more
    }
  }
  return purged
}
