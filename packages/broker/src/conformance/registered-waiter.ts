import type { Broker } from '../ports/broker.js'
import type { JobRef } from '../ports/lane.js'
import type { StoredOutcome } from '../ports/results.js'
import { job, succeed } from './job-fixtures.js'
import type { Scene } from './scene.js'
import { until } from './until.js'

export interface RegisteredWaiter {
  /** Must be awaited through this object: a promise would be unwrapped on return. */
  readonly ended: Promise<StoredOutcome | 'gone'>
}

let proofs = 0

/**
 * Starts to wait for a job and returns once that is surely known to the store. The proof is a second wait, for a
 * running job in another lane, that was asked for later and has already seen progress.
 */
export async function registeredWaiter(
  scene: Scene,
  ref: JobRef,
  broker: Broker = scene.broker,
): Promise<RegisteredWaiter> {
  const ended = broker.results.wait(ref, { timeoutMs: 20_000 })
  ended.catch(() => undefined)
  const lane = scene.lane(0, 'waiter-proof')
  proofs += 1
  await scene.put([job(`proof-${proofs}`)], lane)
  const seat = await scene.seat({ lane })
  const reservation = await scene.takeOne(seat)
  let seen = false
  const proof = broker.results.wait(
    { lane, id: reservation.id },
    { timeoutMs: 20_000, onProgress: () => (seen = true) },
  )
  proof.catch(() => undefined)
  await until('progress to reach its waiter', async () => {
    await seat.progress(reservation, '1')
    return seen
  })
  await scene.settle(seat, succeed(reservation))
  await proof
  await seat.leave()
  return { ended }
}
