import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { type RedisServer, startRedisServer } from '@millrace/embedded'
import { createControl, createMonitor } from '@millrace/monitor'
import { type App, createApp } from 'millrace'
import { createWorker } from 'millrace/worker'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type CliOptions, FIXTURE, runCli } from './cli-process.js'
import { until } from './until.js'

describe.skipIf(process.env['MILLRACE_TEST_REDIS'] === 'none')('against a real server', () => {
  let redis: RedisServer
  /** Has the same queues as the fixture's app. */
  let app: App
  beforeAll(async () => {
    redis = await startRedisServer()
  })
  afterAll(() => redis.close())
  beforeEach(() => {
    app = createApp({ name: 'shop', broker: redis.url })
  })
  afterEach(async () => {
    await cli('purge', 'default', '--yes')
    await app.close()
  })

  const monitor = () => createMonitor({ app: 'shop', broker: () => app.broker() })
  const control = () => createControl({ app: 'shop', broker: () => app.broker() })
  const run = (args: readonly string[], options: CliOptions = {}) =>
    runCli(args, { ...options, env: { MILLRACE_BROKER: redis.url, ...options.env } })
  const cli = (...args: string[]) => run(args)

  /** The JSON that it prints, and nothing else. */
  async function json(...args: string[]): Promise<unknown> {
    const end = await cli(...args, '--json')
    expect(end.stderr).toBe('')
    return JSON.parse(end.stdout) as unknown
  }

  async function enqueued(...args: string[]): Promise<string> {
    const end = await cli('enqueue', 'math.add', '{"x":2,"y":3}', ...args)
    expect(end).toMatchObject({ status: 0, stderr: '' })
    return end.stdout.trim()
  }

  /** Lets one job of this id fail. */
  async function failedJob(id: string): Promise<void> {
    const tasks = createApp({ name: 'shop', broker: redis.url })
    const fail = tasks.task('math.fail', { retry: { attempts: 1 } }, () => {
      throw new TypeError('no luck')
    })
    const job = await fail.enqueue(undefined, { id })
    const worker = createWorker(tasks, { dispatcher: false })
    await worker.start()
    await until('the job to fail', async () => (await job.state()) === 'failed')
    await worker.stop()
    await tasks.close()
  }

  describe('enqueue', () => {
    test('prints the id', async () => {
      const id = await enqueued()
      expect(id).toMatch(/^[\w-]{22}$/)
      expect(await monitor().job(id)).toMatchObject({ state: 'ready', task: 'math.add', input: { x: 2, y: 3 } })
    })

    test('takes its options, also JSON from stdin', async () => {
      const args = ['enqueue', 'math.add', '-', '--id', 'opts', '--delay', '5m', '--priority', '-7']
      const end = await run([...args, '--header', 'a=1', '--header', 'b=x=y', '--unique-key', 'u', '--json'], {
        stdin: '{"x":1,"y":1}',
      })
      expect(JSON.parse(end.stdout)).toEqual({ id: 'opts', task: 'math.add' })
      expect(await monitor().job('opts')).toMatchObject({
        state: 'scheduled',
        priority: -7,
        headers: { a: '1', b: 'x=y' },
        input: { x: 1, y: 1 },
      })
      expect(await enqueued('--unique-key', 'u')).toBe('opts')
    })

    test('reaches tasks that a decorated class defines', async () => {
      const end = await cli('enqueue', 'counter.next', '{"step":2}')
      expect(end).toMatchObject({ status: 0, stderr: '' })
    })

    test('--wait says what it waited for in vain', async () => {
      const end = await cli('enqueue', 'math.add', '{"x":1,"y":1}', '--wait', '--timeout', '3s')
      expect(end).toMatchObject({ status: 1, stdout: '' })
      expect(end.stderr).toMatch(/^error: Job .* did not end within [23][0-9.,]* m?s and goes on/)
    })
  })

  describe('reading', () => {
    test('queues', async () => {
      await enqueued()
      expect(await json('queues')).toMatchObject([{ queue: 'default', lanes: 1, ready: 1, paused: false }])
      const end = await cli('queues')
      expect(end.stdout).toMatch(/^QUEUE +READY +RUNNING/)
      expect(end.stdout).toMatch(/\ndefault +1 +0/)
    })

    test('queues of an app that has none', async () => {
      expect((await cli('queues', '--name', 'empty')).stdout).toMatch(/App empty has no queues yet/)
      expect(await json('queues', '--name', 'empty')).toEqual([])
    })

    test('jobs, with pages, 80 columns wide', async () => {
      const ids = [await enqueued(), await enqueued()]
      const first = (await json('jobs', '--state', 'ready', '--limit', '1')) as {
        jobs: { id: string }[]
        cursor: string
      }
      const second = (await json('jobs', '--state', 'ready', '--cursor', first.cursor)) as typeof first
      expect([...first.jobs, ...second.jobs].map((job) => job.id)).toEqual(ids)
      const end = await run(['jobs', '--state', 'ready', '--queue', 'default'], { env: { COLUMNS: '80' } })
      expect(end.stdout.split('\n')[0]).toMatch(/^ID +QUEUE +TASK +TRIES +WHEN +ERROR$/)
      expect(Math.max(...end.stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80)
      expect(end.stdout).toContain(ids[0])
    })

    test('job', async () => {
      await failedJob('broken-1')
      expect(await json('job', 'broken-1')).toEqual(await monitor().job('broken-1'))
      const end = await cli('job', 'broken-1')
      expect(end.stdout).toMatch(/state +failed/)
      expect(end.stdout).toMatch(/attempt 1, .*, error: TypeError: no luck\n\s+at /)
      expect((await cli('discard', 'broken-1')).status).toBe(0)
      const gone = await cli('job', 'nobody', '--json')
      expect(gone).toMatchObject({ status: 1, stdout: 'null\n' })
      expect((await cli('job', 'nobody')).stderr).toMatch(/Job nobody is unknown/)
    })

    test('stats', async () => {
      await enqueued()
      expect(await json('stats')).toMatchObject({ queues: 1, ready: 1, workers: 0, leader: null })
      expect((await cli('stats')).stdout).toMatch(/^WHAT +IS\nqueues +1\nready +1, the oldest for /)
      const rates = (await cli('stats', '--every', '100ms', '--count', '2')).stdout.trim().split('\n')
      expect(rates).toHaveLength(3)
      expect(rates[1]?.trim().split(/ +/)).toEqual(['1', '0', '0', '0', '0.0', '0.0', '0.0', '0'])
    })

    test('workers and leader, of nobody', async () => {
      expect(await json('workers', '--name', 'empty')).toEqual([])
      expect(await json('leader', '--name', 'empty')).toBeNull()
      expect((await cli('workers', '--name', 'empty')).stdout).toMatch(/No worker of app empty runs/)
      expect((await cli('leader', '--name', 'empty')).stdout).toMatch(/No dispatcher has ever led/)
      expect(await cli('ping', '--name', 'empty')).toMatchObject({ status: 1 })
    })
  })

  describe('steering', () => {
    test('pause and resume', async () => {
      await enqueued()
      expect(await json('pause', 'default')).toEqual({ queue: 'default', paused: true, lanes: 1 })
      expect((await cli('queues')).stdout).toContain('paused')
      expect((await cli('resume', 'default')).stdout).toMatch(/no longer paused/)
      expect(await monitor().queues()).toMatchObject([{ paused: false }])
      const end = await cli('pause', 'defalt')
      expect(end.status).toBe(2)
      expect(end.stderr).toMatch(/Did you mean "default"/)
    })

    test('cancel and promote', async () => {
      const later = await enqueued('--delay', '5m')
      expect((await cli('promote', later)).stdout).toBe(`Job ${later} of queue default is ready now.\n`)
      expect(await json('promote', later)).toMatchObject({ done: false, answer: 'not-waiting', state: 'ready' })
      expect(await json('cancel', later)).toMatchObject({
        id: later,
        done: true,
        answer: 'cancelled',
        queue: 'default',
      })
      const end = await cli('cancel', 'nobody')
      expect(end).toMatchObject({ status: 1, stdout: '' })
      expect(end.stderr).toMatch(/Job nobody is unknown/)
    })

    test('retry and discard', async () => {
      await failedJob('broken-2')
      await failedJob('broken-3')
      expect((await cli('retry', 'broken-2')).stdout).toMatch(/is ready again/)
      expect(await cli('retry', 'broken-2')).toMatchObject({ status: 1 })
      expect(await json('retry', '--all', '--task', 'math.fail')).toEqual({ matched: 1, retried: 1, complete: true })
      expect(await cli('discard', 'broken-2')).toMatchObject({ status: 1, stdout: '' })
      await control().purge('default')
    })

    test('purge', async () => {
      await enqueued()
      await enqueued('--delay', '5m')
      expect(await json('purge', 'default', '--yes')).toEqual({ queue: 'default', purged: 2, complete: true })
      expect((await cli('purge', 'default')).stdout).toMatch(/Queue default is empty: 0 waiting jobs cancelled/)
    })
  })

  describe('doctor', () => {
    test('says what it found and how to fix it; warnings are no failure', async () => {
      const end = await cli('doctor')
      expect(end.status).toBe(0)
      expect(end.stdout).toMatch(/^WARNING +.*\n +fix: /m)
      expect(end.stdout).toMatch(/^ok +node-version: Node /m)
      expect(end.stdout).toMatch(/^ok +app-module: \.\/tasks\.ts loads: app shop/m)
    })

    test('fails for a module that does not load', async () => {
      const end = await cli('doctor', '--app', 'mistakes/throws.ts', '--json')
      expect(end.status).toBe(1)
      expect(JSON.parse(end.stdout)).toMatchObject({
        ok: false,
        findings: [{ level: 'error', code: 'app-module' }, {}],
      })
    })
  })

  test('the name of the app comes from the option, package.json, or the module', async () => {
    await enqueued()
    expect(await json('queues')).toHaveLength(1)
    const folder = mkdtempSync(join(tmpdir(), 'millrace-cli-'))
    const manifest = (millrace: unknown) => writeFileSync(join(folder, 'package.json'), JSON.stringify({ millrace }))
    const inFolder = async (env: Record<string, string> = {}) => {
      const end = await run(['queues', '--json'], { cwd: folder, env })
      return end.status === 0 ? (JSON.parse(end.stdout) as unknown[]).length : end.stderr
    }
    try {
      expect(await inFolder()).toBe(0)
      manifest({ name: 'shop' })
      expect(await inFolder()).toBe(1)
      manifest({ app: relative(folder, join(FIXTURE, 'tasks.ts')) })
      expect(await inFolder()).toBe(1)
      manifest({ app: './nowhere.ts' })
      expect(await inFolder()).toMatch(/App module \.\/nowhere\.ts \(package\.json#millrace\.app\) not found/)
      manifest('shop')
      expect(await inFolder()).toMatch(/"millrace" in .*package\.json must be an object/)
      manifest({ name: 'shop' })
      mkdirSync(join(folder, '.millrace'))
      writeFileSync(join(folder, '.millrace', 'broker'), `${redis.url}\n`)
      expect(await inFolder({ MILLRACE_BROKER: '' })).toBe(1)
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })

  test('--name, --prefix and --broker', async () => {
    await enqueued()
    expect(await json('queues', '--name', 'shop', '--prefix', 'other')).toHaveLength(0)
    expect(await json('queues', '--name', 'shop')).toHaveLength(1)
    expect(await json('queues', '--name', 'desk')).toHaveLength(0)
    expect(await json('queues', '--broker', redis.url)).toHaveLength(1)
  })
})
