import { type RedisServer, startRedisServer } from '@millrace/embedded'
import { createMonitor } from '@millrace/monitor'
import { createApp } from 'millrace'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runCli } from './cli-process.js'

describe.skipIf(process.env['MILLRACE_TEST_REDIS'] === 'none')('schedules and terms, against a real server', () => {
  let redis: RedisServer
  beforeAll(async () => {
    redis = await startRedisServer()
  })
  afterAll(() => redis.close())

  const cli = (...args: string[]) => runCli(args, { env: { MILLRACE_BROKER: redis.url } })
  const json = async (...args: string[]): Promise<unknown> => {
    const end = await cli(...args, '--json')
    expect(end).toMatchObject({ status: 0, stderr: '' })
    return JSON.parse(end.stdout) as unknown
  }

  test('add, list, next, pause, resume, run, remove', async () => {
    expect((await cli('schedules')).stdout).toContain('has no schedules')
    const rule = [
      '--cron',
      '0 3 * * *',
      '--timezone',
      'Europe/Paris',
      '--missed',
      'all',
      '--cap',
      '3',
      '--overlap',
      'skip',
    ]
    const added = await cli('schedules', 'add', 'nightly', ...rule, '--task', 'math.add', '--input', '{"x":1,"y":2}')
    expect(added).toMatchObject({ status: 0, stderr: '' })
    expect(added.stdout).toMatch(/^nightly: math\.add, cron 0 3 \* \* \* in Europe\/Paris; next in /)

    const app = createApp({ name: 'shop', broker: redis.url })
    const monitor = createMonitor({ app: 'shop', broker: () => app.broker() })
    const [stored] = await monitor.schedules()
    expect(stored).toMatchObject({
      task: 'math.add',
      queue: 'default',
      input: { x: 1, y: 2 },
      owner: null,
      state: 'active',
    })
    expect(stored?.spec).toMatchObject({ missed: 'all', cap: 3, overlap: 'skip' })
    expect(await json('schedules', 'list')).toEqual(await monitor.schedules())
    expect(await json('schedules', 'next', 'nightly', '--count', '3')).toEqual(
      await monitor.scheduleTicks('nightly', { count: 3 }),
    )
    expect((await cli('schedules', 'next', 'nightly')).stdout.trim().split('\n')).toHaveLength(5)

    expect(await json('schedules', 'pause', 'nightly')).toMatchObject({ state: 'paused', nextAt: null })
    expect((await cli('schedules')).stdout).toMatch(/nightly .* paused/)
    expect(await json('schedules', 'resume', 'nightly')).toMatchObject({ state: 'active', nextAt: stored?.nextAt })
    const { id } = (await json('schedules', 'run', 'nightly')) as { id: string }
    expect(await monitor.job(id)).toMatchObject({ task: 'math.add', state: 'ready' })
    expect((await cli('schedules', 'run', 'nightly')).status).toBe(1)
    expect(await json('schedules', 'remove', 'nightly')).toEqual({ name: 'nightly', removed: true })
    expect((await cli('schedules', 'remove', 'nightly')).status).toBe(1)
    await app.close()
  })

  test.each([
    [['list', 'x'], 2, 'takes no name'],
    [['show'], 2, 'Unknown action'],
    [['pause'], 2, 'name'],
    [['next', 'nobody'], 2, 'schedule'],
    [['list', '--cron', '* * * * *'], 2, 'goes with add'],
    [['list', '--count', '3'], 2, 'goes with next'],
    [['add', 'a', '--cron', '* * * * *'], 2, '--task'],
    [['add', 'a', '--task', 'math.add', '--input', '{"x":1,"y":2}'], 2, 'exactly one of cron, every and at'],
    [['add', 'a', '--every', '5', '--task', 'math.add', '--input', '{"x":1,"y":2}'], 2, 'every'],
    [['add', 'a', '--every', '5m', '--task', 'math.ad', '--input', '{}'], 1, 'math.add'],
    [['add', 'a', '--every', '5m', '--task', 'math.add', '--input', '{"x":1}'], 1, 'y'],
  ] as const)('%j is refused', async (args, status, says) => {
    const end = await cli('schedules', ...args)
    expect([end.status, end.stdout]).toEqual([status, ''])
    expect(end.stderr).toContain(says)
  })

  test('leader shows the terms before', async () => {
    const app = createApp({ name: 'shop', broker: redis.url })
    const { dispatch } = await app.broker()
    const leader = (candidate: string) => ({ candidate, host: 'h', pid: 1 })
    const first = await dispatch.mintEpoch(await dispatch.readEpoch(), leader('one'))
    await dispatch.endTerm(first)
    const second = await dispatch.mintEpoch(first, leader('two'))
    await dispatch.mintEpoch(second, leader('three'))
    expect(await json('leader')).toMatchObject({
      candidate: 'three',
      endedAt: null,
      past: [
        { candidate: 'two', epoch: second, endedAt: null },
        { candidate: 'one', endedAt: expect.any(Number) },
      ],
    })
    const { stdout } = await cli('leader')
    expect(stdout).toMatch(/three on h.*\n\nPAST TERM/)
    expect(stdout).toMatch(/two on h .*without a word/)
    await app.close()
  })
})
