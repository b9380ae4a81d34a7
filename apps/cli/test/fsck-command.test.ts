import { type RedisServer, startRedisServer } from '@millrace/embedded'
import { Redis } from 'ioredis'
import { type App, createApp } from 'millrace'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runCli } from './cli-process.js'

describe.skipIf(process.env['MILLRACE_TEST_REDIS'] === 'none')('millrace fsck', () => {
  let redis: RedisServer
  let app: App
  beforeAll(async () => {
    redis = await startRedisServer()
    app = createApp({ name: 'shop', broker: redis.url })
    const add = app.define('math.add')
    for (const id of ['one', 'two']) await add.enqueue(undefined, { id })
  })
  afterAll(async () => {
    await app.close()
    await redis.close()
  })
  const cli = (...args: string[]) => runCli(args, { env: { MILLRACE_BROKER: redis.url } })

  test('says that all is well, finds what is not, mends a paused queue only, and says what to do next', async () => {
    expect(await cli('fsck')).toMatchObject({ status: 0, stdout: 'Consistent: 2 jobs in 1 lane.\n' })

    const raw = new Redis(redis.url)
    await raw.lrem('millrace:{shop/default/0}:ready', 1, 'one')
    raw.disconnect()

    const found = await cli('fsck', 'default')
    expect(found.status).toBe(1)
    expect(found.stdout).toContain('default/0: 1 defect among 2 jobs')
    expect(found.stdout).toMatch(/message-without-place +one/)
    expect(found.stdout).toContain('millrace fsck QUEUE --repair')

    const refused = await cli('fsck', 'default', '--repair')
    expect(refused.status).toBe(2)
    expect(refused.stderr).toContain('millrace pause default')

    await cli('pause', 'default')
    const mended = await cli('fsck', 'default', '--repair')
    expect(mended.stdout).toContain('1 mended, 0 left as they are')
    expect(mended.status).toBe(0)
    await cli('resume', 'default')
    expect(JSON.parse((await cli('fsck', '--json')).stdout)).toEqual({
      ok: true,
      lanes: [{ queue: 'default', lane: 0, jobs: 2, defects: [], counts: {} }],
    })
  })

  test('refuses what contradicts itself, and a broker that is no store', async () => {
    expect(await cli('fsck', '--dry', '--repair')).toMatchObject({ status: 2 })
    const memory = await runCli(['fsck'], { env: { MILLRACE_BROKER: 'memory://' } })
    expect(memory.status).not.toBe(0)
    expect(memory.stderr).not.toMatch(/\n\s+at /)
  })
})
