import { findRedisServer, type RedisServer, startRedisServer } from '@millrace/embedded'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { createApp } from '../index.js'
import { createDispatcher, createWorker } from '../worker.js'

const silent = { trace() {}, debug() {}, info() {}, warn() {}, error() {}, fatal() {}, child: () => silent }
const hasRedis = findRedisServer() !== undefined

const TERMS = 5
/** A deadline, no bar. */
const SOON = { timeout: 20_000, interval: 5 }

describe.skipIf(!hasRedis)('schedules against Redis', () => {
  let server: RedisServer
  beforeAll(async () => {
    server = await startRedisServer()
  })
  afterAll(() => server.close())

  it('each tick runs once, through leaders that come and go', { timeout: 60_000 }, async () => {
    const seen: string[] = []
    await using app = createApp({ name: 'leaders', broker: server.url, logger: silent })
    const tick = app.task('tick', { input: z.object({ n: z.number() }) }, ({ n }, ctx) => {
      seen.push(`${n} ${ctx.headers['millrace-tick']}`)
    })
    for (let n = 0; n < 20; n++) {
      app.schedule(`s${n}`, { every: 100, limit: 40, missed: 'all' }, tick.with({ n }))
    }
    await using worker = createWorker(app, { dispatcher: false })
    await worker.start()
    // However many ticks one term makes up for.
    for (let term = 0; seen.length < 800 || term < TERMS; term++) {
      const dispatcher = createDispatcher(app)
      await dispatcher.start()
      const before = seen.length
      await vi.waitFor(() => {
        expect(dispatcher.status()?.state).toBe('leading')
        expect(seen.length).toBeGreaterThan(Math.min(before + 30, 799))
      }, SOON)
      await dispatcher.stop()
    }
    await vi.waitFor(async () => {
      const views = await app.monitor.schedules()
      expect(views.every((each) => each.fired === 40 && each.state === 'over')).toBe(true)
      expect(seen.length).toBe(800)
    }, SOON)
    expect(new Set(seen).size).toBe(800)
    expect((await app.monitor.leader())?.past.length).toBeGreaterThanOrEqual(TERMS - 1)
  })
})
