import type { RedisServer } from '@millrace/embedded'
import { startRedisServer } from '@millrace/embedded'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Dice } from '../test/dice.js'
import { instrumentScripts } from '../test/instrumented-scripts.js'
import { LaneWalk } from '../test/lane-walk.js'
import type { WalkDoor } from '../test/walk-door.js'
import { openRedisBroker } from './redis-broker.js'

/** Seeds that failed once, and why. They stay. */
const REGRESSIONS: readonly (readonly [number, string])[] = [
  [53, 'a retried body ran without its inputs'],
  [77, 'a retried body ran without its inputs'],
  [109, 'a retried body ran without its inputs'],
  [11_827, 'a cancel that was asked before a failure binds nobody after the retry'],
  [12_826, 'a cancel that was asked before a failure binds nobody after the retry'],
]

const FIRST = Number(process.env['MILLRACE_WALK_FIRST'] ?? 1)
const COUNT = Number(process.env['MILLRACE_WALK_SEEDS'] ?? 200)
const STEPS = 70
const PER_TEST = 25

let server: RedisServer
let raw: Redis

beforeAll(async () => {
  instrumentScripts()
  server = await startRedisServer()
  raw = new Redis(server.url)
})
afterAll(async () => {
  raw.disconnect()
  await server.close()
})

async function walk(seed: number, doors = false): Promise<WalkDoor> {
  await raw.flushall()
  const keyspace = { prefix: 'millrace', app: `walk-${seed}` }
  const broker = openRedisBroker({ app: keyspace.app, url: server.url })
  try {
    const history = new LaneWalk({ broker, raw, keyspace, dice: new Dice(seed), checkEvery: 1, doors })
    await history.run(STEPS)
    return history.door
  } catch (error) {
    throw new Error(`seed ${seed}: ${(error as Error).message}`, { cause: error })
  } finally {
    await broker.close()
  }
}

describe('a random history loses nothing, doubles nothing and leaves nothing behind', () => {
  for (const [seed, why] of REGRESSIONS)
    it(`seed ${seed}: ${why}`, async () => expect((await walk(seed)).handedOver).toBe(0))

  for (let from = FIRST; from < FIRST + COUNT; from += PER_TEST) {
    const to = Math.min(from + PER_TEST, FIRST + COUNT) - 1
    it(`seeds ${from} to ${to}`, { timeout: 120_000 }, async () => {
      for (let seed = from; seed <= to; seed++) await walk(seed)
      expect(await raw.ping()).toBe('PONG')
    })

    it(`seeds ${from} to ${to}, with seats at the door`, { timeout: 120_000 }, async () => {
      let [handedOver, endedAhead] = [0, 0]
      for (let seed = from; seed <= to; seed++) {
        const door = await walk(seed, true)
        handedOver += door.handedOver
        endedAhead += door.endedAhead
      }
      expect(handedOver).toBeGreaterThan(to - from)
      expect(endedAhead).toBeGreaterThan(0)
    })
  }
})
