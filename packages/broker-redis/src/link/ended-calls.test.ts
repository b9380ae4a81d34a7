import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { type RedisServer, startRedisServer } from '@millrace/embedded'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Script } from '../scripts.generated.js'
import { Link } from './link.js'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as (options?: { type: 'minor' }) => void

const CALLS = 1_500
/** What each call refers to: 8 KB, 12 MB all together. */
const jobsOf = (at: number) => Array.from({ length: 1_000 }, () => at)

describe.skipIf(process.env.MILLRACE_TEST_REDIS === 'none')('calls that have ended', () => {
  let redis: RedisServer
  beforeAll(async () => {
    redis = await startRedisServer()
  })
  afterAll(() => redis.close())

  test('keep nothing of what they referred to', async () => {
    const link = new Link(redis.url, 'none')
    const sha = String(await link.command('script', ['LOAD', 'return 1'], { what: () => 'load' }))
    const say = async (count: number) => {
      for (let at = 0; at < count; at++) {
        const jobs = jobsOf(at)
        const call = { what: () => 'a call', ids: () => jobs.map(String) }
        await link.run({ sha, source: 'return 1' } as Script, ['k'], call)
      }
    }
    await say(100)
    collect()
    await say(CALLS)
    for (let round = 0; round < 3; round++) collect({ type: 'minor' })
    const kept = process.memoryUsage().heapUsed
    collect()
    expect((kept - process.memoryUsage().heapUsed) / 1e6).toBeLessThan(3)
    link.close()
  })
})
