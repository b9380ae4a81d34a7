import type { JobAttrs, Lane, NewJob, Reservation, Seat, Settlement } from '@millrace/broker'
import type { LaneKey } from '../src/keyspace.js'
import { laneKey } from '../src/keyspace.js'
import { advanceClock } from './instrumented-scripts.js'
import type { OwnStore } from './own-store.js'

const EPOCH = 1
const STEP_MS = 250

export const job = (id: string, attrs?: JobAttrs): NewJob =>
  attrs === undefined ? { id, message: '[1,"t",{},1]' } : { id, message: '[1,"t",{},1]', attrs }
export const failure = { name: 'Error', message: 'boom', reason: 'error', attempt: 1, at: 1 } as const
export const ids = (reservations: readonly Reservation[]) => reservations.map(({ id }) => id)
export const done = (reservation: Reservation): Settlement => ({
  reservation,
  verdict: { kind: 'succeed', outputJson: undefined, keepMs: 0 },
})
export const broken = (reservation: Reservation, keepMs = 0): Settlement => ({
  reservation,
  verdict: { kind: 'fail', failure, keepMs },
})
export const exchange = (seat: Seat, settlements: readonly Settlement[], want: number) =>
  seat.exchange({ settlements, want, empty: false })

/** What tests do with one lane. */
export function laneCalls(store: OwnStore, lane: Lane) {
  return {
    key: (name: LaneKey) => laneKey(store.keyspace, lane, name),
    sit: (leaseMs = 60_000, id = 'w') => store.broker.consumer.join(lane, { id, leaseMs }),
    put: (...jobs: (string | NewJob)[]) =>
      store.broker.producer.enqueue(
        lane,
        jobs.map((one) => (typeof one === 'string' ? job(one) : one)),
      ),
    /** Time passes while the dispatcher keeps sweeping; how many jobs it took back. */
    async sweepFor(ms: number): Promise<number> {
      let reclaimed = 0
      for (let passed = 0; passed < ms; passed += STEP_MS) {
        await advanceClock(store.raw, STEP_MS)
        reclaimed += (await store.broker.dispatch.reclaimExpired(lane, EPOCH)).reclaimed
      }
      return reclaimed
    },
  }
}
