import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type RedisServer, startRedisServer } from '@millrace/embedded'
import { createMonitor, type WorkerView } from '@millrace/monitor'
import { type App, createApp } from 'millrace'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { CliProcess, runCli } from './cli-process.js'
import { until } from './until.js'

describe.skipIf(process.env['MILLRACE_TEST_REDIS'] === 'none')('worker --processes', () => {
  let redis: RedisServer
  let app: App
  let folder: string
  const running: CliProcess[] = []
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'millrace-cli-'))
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  beforeEach(async () => {
    redis = await startRedisServer()
    app = createApp({ name: 'shop', broker: redis.url })
  })
  afterEach(async () => {
    for (const one of running.splice(0)) await one.kill()
    await app.close()
    await redis.close()
  })

  const env = () => ({ MILLRACE_BROKER: redis.url })
  const monitor = () => createMonitor({ app: 'shop', broker: () => app.broker() })
  const workers = async (count: number): Promise<WorkerView[]> => {
    let seen: WorkerView[] = []
    await until(`${count} workers`, async () => {
      seen = (await monitor().workers()).filter((view) => view.state === 'running')
      return seen.length === count
    })
    return seen
  }
  const team = (...args: string[]) => {
    const started = new CliProcess(['worker', '--processes', '2', ...args], { env: env() })
    running.push(started)
    return started
  }
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

    const file = join(folder, 'go')
    const args = ['enqueue', 'file.await', JSON.stringify({ file })]
    const id = (await runCli(args, { env: env() })).stdout.trim()
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
    await app.control.stop()
    expect(await parent.ended).toMatchObject({ status: 0 })
  })
})
