import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findRedisServer, type RedisServer, startRedisServer } from '@millrace/embedded'
import { Redis } from 'ioredis'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type App, createApp } from '../src/index.js'
import { type AppWorker, createWorker } from '../src/worker.js'
import { until } from './until.js'

const silent = { trace() {}, debug() {}, info() {}, warn() {}, error() {}, fatal() {}, child: () => silent }
const LEASE_MS = 1_000
let folder: string
let server: RedisServer
let raw: Redis
let app: App
let worker: AppWorker
let ran: Map<string, number>
let accepted: string[]
let feeding: { stop: boolean; done: Promise<void> }

/** A worker under a steady load: one job after the other, each by a call of its own that has to be answered in the end. */
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'millrace-troubles-'))
  // A snapshot that fails makes Redis refuse writes only where it is asked for snapshots.
  const args = ['--save', '3600 1', '--enable-debug-command', 'yes', '--enable-protected-configs', 'yes']
  server = await startRedisServer({ dir: join(folder, 'data'), args })
  raw = new Redis(server.url)
  app = createApp({ name: 'troubles', broker: server.url, logger: silent })
  ran = new Map()
  accepted = []
  const count = app.task('count', {}, async (_input, ctx) => {
    ran.set(ctx.jobId, (ran.get(ctx.jobId) ?? 0) + 1)
  })
  worker = createWorker(app, { lease: LEASE_MS })
  await worker.start()
  feeding = { stop: false, done: Promise.resolve() }
  feeding.done = (async () => {
    for (let n = 0; !feeding.stop; n++) accepted.push((await count.enqueue(n, { id: `job-${n}`, timeout: '20s' })).id)
  })()
  await until('jobs to run', () => ran.size > 20)
})
afterEach(async () => {
  feeding.stop = true
  await feeding.done.catch(() => undefined)
  await worker.stop()
  await app.close()
  raw.disconnect()
  await server.close()
  rmSync(folder, { recursive: true, force: true })
})

/** Work goes on without a restart; then all that was accepted has run, and once. */
async function goesOn(): Promise<void> {
  const before = ran.size
  await until('work to go on', () => ran.size > before + 20)
  feeding.stop = true
  await feeding.done
  await until('all to have succeeded', async () => {
    const [queue] = await app.monitor.queues()
    return queue?.totals.succeeded === accepted.length
  })
  expect(accepted.filter((id) => ran.get(id) !== 1)).toEqual([])
  expect([...ran.keys()].filter((id) => !accepted.includes(id))).toEqual([])
  const [queue] = await app.monitor.queues()
  expect(queue?.totals).toMatchObject({ crashed: 0, failed: 0, retried: 0 })
}

async function refused(code: string): Promise<number> {
  const found = new RegExp(`errorstat_${code}:count=(\\d+)`).exec(await raw.info('errorstats'))
  return Number(found?.[1] ?? 0)
}

/** Until calls have met the trouble, as the server counts refusals: a trouble that nobody met shows nothing. */
async function refusals(code: string, count = 3): Promise<void> {
  await until(`${count} refusals ${code}`, async () => (await refused(code)) >= count)
}

describe.skipIf(findRedisServer() === undefined)('a worker under load goes on by itself', { timeout: 40_000 }, () => {
  it('when every script is forgotten, again and again (NOSCRIPT)', async () => {
    for (let round = 0; round < 20; round++) {
      const met = await refused('NOSCRIPT')
      await raw.script('FLUSH')
      const before = ran.size
      await refusals('NOSCRIPT', met + 1)
      await until('the next job', () => ran.size > before)
    }
    await goesOn()
  })

  it('when a script of somebody else keeps Redis busy (BUSY)', async () => {
    await raw.config('SET', 'busy-reply-threshold', '20')
    const other = raw.duplicate()
    const stuck = other.eval('while true do end', 0).catch((error: unknown) => String(error))
    let busy = 0
    await until('Redis to have been busy for ten looks', async () => {
      await raw.ping().catch((error: unknown) => {
        if (String(error).includes('BUSY')) busy++
      })
      return busy === 10
    })
    await raw.script('KILL')
    expect(await stuck).toContain('killed')
    other.disconnect()
    await refusals('BUSY', busy + 1)
    await goesOn()
  })

  it('when Redis refuses writes because it cannot snapshot (MISCONF)', async () => {
    rmSync(join(folder, 'data'), { recursive: true })
    await raw.bgsave()
    await until('the snapshot to fail', async () =>
      (await raw.info('persistence')).includes('rdb_last_bgsave_status:err'),
    )
    await refusals('MISCONF')
    mkdirSync(join(folder, 'data'))
    await raw.config('SET', 'dir', join(folder, 'data'))
    await raw.bgsave()
    await until('the snapshot to succeed', () => existsSync(join(folder, 'data', 'dump.rdb')))
    await goesOn()
  })

  it('when Redis is a replica for a while (READONLY)', async () => {
    await raw.replicaof('127.0.0.1', 1)
    await refusals('READONLY')
    await raw.replicaof('NO', 'ONE')
    await goesOn()
  })

  it('when Redis is loading (LOADING)', async () => {
    await raw.debug('POPULATE', 20_000)
    await raw.config('SET', 'loading-process-events-interval-bytes', '1024')
    await raw.config('SET', 'key-load-delay', '50')
    await raw.debug('RELOAD')
    await refusals('LOADING', 1)
    await goesOn()
  })

  it('when Redis is frozen for longer than the lease: nobody is taken for dead', async () => {
    const { promise, resolve } = Promise.withResolvers<void>()
    const held: AbortSignal[] = []
    const hold = app.task('hold', {}, async (_input, ctx) => {
      held.push(ctx.signal)
      await promise
    })
    await hold.enqueue(null)
    await until('it is held', () => held.length === 1)
    server.kill('SIGSTOP')
    const frozen = performance.now()
    await until('three leases to pass', () => performance.now() - frozen > 3 * LEASE_MS)
    server.kill('SIGCONT')
    resolve()
    feeding.stop = true
    await feeding.done
    await until('all to have ended', async () => {
      const [queue] = await app.monitor.queues()
      return queue !== undefined && queue.running + queue.ready + queue.suspects === 0
    })
    expect((await app.monitor.queues())[0]?.totals).toMatchObject({ crashed: 0, failed: 0 })
  })
})
