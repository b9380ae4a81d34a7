import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { WorkerView } from '@millrace/monitor'
import { describe, expect, test } from 'vitest'
import { shopOnRedis } from './shop-on-redis.js'
import { until } from './until.js'

describe.skipIf(process.env['MILLRACE_TEST_REDIS'] === 'none')('worker --processes', () => {
  const shop = shopOnRedis()
  const { cli, monitor, start } = shop

  const workers = async (count: number): Promise<WorkerView[]> => {
    let seen: WorkerView[] = []
    await until(`${count} workers`, async () => {
      seen = (await monitor().workers()).filter((view) => view.state === 'running')
      return seen.length === count
    })
    return seen
  }
  const team = (...args: string[]) => start('worker', '--processes', '2', ...args)
  const isAlive = (pid: number) => {
    try {
      return process.kill(pid, 0)
    } catch {
      return false
    }
  }

  test('each process is a worker; the one candidate is their parent; SIGTERM drains all', async () => {
    const parent = team('--concurrency', '3', '--health-port', '127.0.0.1:0')
    const views = await workers(2)
    expect(new Set(views.map((view) => view.pid)).size).toBe(2)
    expect(views).toMatchObject([{ concurrency: 3 }, { concurrency: 3 }])
    await until('a leader', async () => (await monitor().leader()) !== null)
    expect(await monitor().leader()).toMatchObject({ pid: parent.pid })
    const port = parent.lines().find((line) => line['msg'] === 'answering /healthz and /readyz')?.['port'] as number
    const ready = await fetch(`http://127.0.0.1:${port}/readyz`)
    expect([ready.status, await ready.json()]).toMatchObject([
      200,
      { ready: true, workers: [{ state: 'running' }, { state: 'running' }] },
    ])

    const file = join(shop.folder, 'go')
    const args = ['enqueue', 'file.await', JSON.stringify({ file })]
    const id = (await cli(...args)).stdout.trim()
    await until('the job to run', async () => (await monitor().job(id))?.state === 'running')
    parent.signal('SIGTERM')
    await until('the drain', async () => (await monitor().workers()).some((view) => view.state === 'draining'))
    expect((await fetch(`http://127.0.0.1:${port}/readyz`)).status).toBe(503)
    expect((await fetch(`http://127.0.0.1:${port}/healthz`)).status).toBe(200)
    writeFileSync(file, '')
    expect(await parent.ended).toMatchObject({ status: 0, stderr: '' })
    expect(await monitor().job(id)).toMatchObject({ state: 'succeeded', result: { output: 'seen' } })
    expect(await monitor().workers()).toEqual([])
  })

  test('one that dies is replaced', async () => {
    const parent = team()
    const [first, second] = await workers(2)
    process.kill(first?.pid as number, 'SIGKILL')
    await parent.printed('worker process ended by itself: it is replaced')
    await until('a third process', async () => {
      const pids = (await monitor().workers()).map((view) => view.pid)
      return pids.includes(second?.pid as number) && pids.some((pid) => pid !== first?.pid && pid !== second?.pid)
    })
    parent.signal('SIGTERM')
    expect(await parent.ended).toMatchObject({ status: 0 })
  })

  test('none outlives a parent that was killed', async () => {
    const parent = team('--grace', '100ms')
    const pids = (await workers(2)).map((view) => view.pid)
    parent.signal('SIGKILL')
    await until('their end', () => !pids.some(isAlive))
    expect(await monitor().workers()).toEqual([])
  })

  test('a stop order from afar ends all, for good', async () => {
    const parent = team()
    await workers(2)
    await shop.app.control.stop()
    expect(await parent.ended).toMatchObject({ status: 0 })
  })
})
