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

/** After the last fault: waits until nothing is left to do, reads everything, evaluates the invariants. */
export async function conclude(scene: ChaosScene, ending: Ending = {}): Promise<Findings> {
  const { drainMs = 60_000, maxCrashes = 3, maxAttempts = 3 } = ending
  const { findings, fleet, prefix } = scene
  // What ticks for ever never drains.
  for (const { name } of scene.metronomes) await scene.app.control.schedules.pause(name)
  const client = await scene.redis.client()
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
  checkRun(
    {
      ...{ producer: scene.producer.ledger, effects, lane, app, store: fleet.store, outcomes, drained },
      ...{ maxCrashes, maxAttempts, storeLoss: scene.storeLoss, clockMoved: scene.clockMoved },
      living: fleet.all.filter(({ exit }) => exit === undefined).length,
      oneByOne: scene.options.oneByOne ?? false,
    },
    findings,
  )
  return findings
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
    // A seat whose process has died is left until its lease has ended.
    const seats = await client.zcard(`${scene.prefix}workers`)
    const living = scene.fleet.workers.length
    return left === 0 && failed >= failing && seats <= living && (await ticksDelivered(client, APP))
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
