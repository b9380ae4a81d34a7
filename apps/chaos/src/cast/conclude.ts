import type { Redis } from 'ioredis'
import { readKeys, readSchedules, readTerms, ticksDelivered } from '../check/app-reading.js'
import { checkRun } from '../check/check-run.js'
import type { Findings } from '../check/findings.js'
import { readLane, readOutcomes } from '../check/lane-reading.js'
import { cameTrue } from '../run/until.js'
import { APP, type ChaosScene } from './chaos-scene.js'

/** What a scenario allows when it ends. */
export interface Ending {
  /** How long the queue may need to drain after the last fault. Default 60,000 ms. */
  readonly drainMs?: number
  readonly maxCrashes?: number
  readonly maxAttempts?: number
}

const TELL_EVERY_MS = 5_000
/** A dispatcher that keeps up is not later than this with a tick. */
const CATCH_UP_MS = 500
const CATCH_UP_WITHIN_MS = 15_000

/** After the last fault: waits until nothing is left to do, reads everything, evaluates the invariants. */
export async function conclude(scene: ChaosScene, ending: Ending = {}): Promise<Findings> {
  const { drainMs = 60_000, maxCrashes = 3, maxAttempts = 3 } = ending
  const { findings, fleet, prefix } = scene
  const client = await scene.redis.client()
  await quietMetronomes(scene, client)
  const startedAt = performance.now()
  const drained = await drain(scene, client, drainMs)
  findings.details.drainMs = Math.round(performance.now() - startedAt)
  const effects = scene.effects()
  const lane = await readLane(client, prefix)
  const outcomes = await readOutcomes(client, prefix, idsThatKeep(scene))
  const app = {
    terms: await readTerms(client, APP),
    termsSeen: scene.terms.seen,
    schedules: await readSchedules(client, APP, scene.metronomes),
    keys: await readKeys(client),
  }
  client.disconnect()
  findings.jobs = scene.producer.ledger.size
  checkRun(
    {
      ...{ producer: scene.producer.ledger, effects, lane, app, store: fleet.store, outcomes, drained },
      ...{ maxCrashes, maxAttempts, storeLoss: scene.storeLoss, clockMoved: scene.clockMoved },
      oneByOne: scene.options.oneByOne ?? false,
    },
    findings,
  )
  return findings
}

/** What ticks for ever never drains: when all ticks up to now have been dealt with, there shall be no more. */
async function quietMetronomes(
  { stage, app, metronomes, findings, storeLoss }: ChaosScene,
  client: Redis,
): Promise<void> {
  const withinMs = CATCH_UP_WITHIN_MS + stage.busyMs
  for (const { name, everyMs } of metronomes) {
    const caughtUp = await cameTrue(
      async () => {
        const [schedule] = await readSchedules(client, APP, [{ name, everyMs }])
        return schedule !== undefined && schedule.watermark > Date.now() - 2 * everyMs - CATCH_UP_MS
      },
      storeLoss === undefined ? withinMs : 0,
    )
    if (storeLoss === undefined) {
      findings.check('I12', caughtUp, () => `schedule ${name} did not catch up within ${withinMs} ms`)
    }
    // A Redis that was emptied does not know it any more.
    await app.control.schedules.pause(name).catch((error: unknown) => {
      if (storeLoss === undefined) throw error
    })
  }
}

function drain(scene: ChaosScene, client: Redis, drainMs: number): Promise<boolean> {
  const { ledger } = scene.producer
  const failing = [...ledger.acknowledged.values()].filter(({ fate }) => fate === 'fails').length
  let toldAt = performance.now()
  return cameTrue(async () => {
    const failed = await client.zcard(`${scene.prefix}failed`)
    const left = (await client.hlen(`${scene.prefix}jobs`)) - failed
    if (performance.now() - toldAt > TELL_EVERY_MS) {
      toldAt = performance.now()
      scene.stage.say(`draining: ${left} jobs left`)
    }
    return left === 0 && failed >= failing && (await ticksDelivered(client, APP))
  }, drainMs)
}

/** Jobs whose end the store keeps: by the producer's word, or by a key of their own. */
function idsThatKeep(scene: ChaosScene): readonly string[] {
  const { acknowledged, unknown } = scene.producer.ledger
  const ids = new Set<string>()
  for (const { id, kept } of [...acknowledged.values(), ...unknown.values()]) if (kept) ids.add(id)
  for (const [id, [first]] of scene.effects().executions) if (first !== undefined && first.key !== '') ids.add(id)
  return [...ids]
}
