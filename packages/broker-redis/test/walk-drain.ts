import type { Broker, Lane } from '@millrace/broker'
import type { LaneReading } from './lane-audit.js'
import type { WalkSeats } from './walk-seats.js'

export type Duty = 'promote' | 'reclaim' | 'outbox' | 'trim'

/** What a walk lets its end do. */
export interface WalkToDrain {
  readonly lanes: readonly Lane[]
  readonly broker: Broker
  readonly seats: WalkSeats
  /** Lets the store's time pass. */
  advance(ms: number): Promise<void>
  /** Whether there was something to do. */
  dispatch(lane: Lane, duty: Duty): Promise<boolean>
  /** Throws where the store is not as it must be. */
  check(): Promise<void>
  /** From here on what is kept for a time may be gone. */
  forget(): void
}

/** Idle rounds after which nothing comes any more: longer than the longest lease, for a job that runs alone waits for a seat of that age. */
const IDLE_ROUNDS = 10
const ROUND_MS = 2_500
const MOST_ROUNDS = 300
const EIGHT_DAYS_MS = 8 * 86_400_000

/** Lets everything run out. Then nothing may be left but what is kept on purpose. */
export async function drainWalk(walk: WalkToDrain): Promise<void> {
  const { lanes, broker, seats } = walk
  for (const lane of lanes) await broker.control.resume(lane)
  for (let round = 0, idle = 0; idle < IDLE_ROUNDS; round++) {
    if (round > MOST_ROUNDS) throw new Error('does not drain')
    let busy = false
    await walk.advance(ROUND_MS)
    for (const lane of lanes) {
      for (const duty of ['promote', 'reclaim', 'outbox'] as const) busy = (await walk.dispatch(lane, duty)) || busy
      for (const sitting of seats.in(lane)) busy = (await seats.finish(sitting)) || busy
      if (seats.in(lane).length === 0) await seats.pick(lane)
    }
    await walk.check()
    idle = busy ? 0 : idle + 1
  }
  await seats.leave()
  await walk.advance(EIGHT_DAYS_MS)
  walk.forget()
  for (let round = 0; round < 4; round++)
    for (const lane of lanes) for (const duty of ['trim', 'outbox', 'reclaim'] as const) await walk.dispatch(lane, duty)
  await walk.advance(EIGHT_DAYS_MS)
  for (let round = 0; round < 2; round++) for (const lane of lanes) await walk.dispatch(lane, 'trim')
  await walk.check()
}

/** Keys of a lane that are kept on purpose. `result:`, `stats:`, `minutes:` and `hours:` end by their own time, which does not follow the tests' clock. */
const KEPT = /^(meta|done|outbox|wake|alarm|sessions:age|seen|(result|stats|minutes|hours):.*)$/

/** What is left of a lane that has drained and should not be. */
export function leftBehind({ keys }: LaneReading): readonly string[] {
  return keys.filter((key) => !KEPT.test(key))
}
