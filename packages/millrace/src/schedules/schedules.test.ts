import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { createApp } from '../index.js'
import { createDispatcher, createWorker } from '../worker.js'
import { deploymentId, readDeployment } from './deployment.js'

const silent = { trace() {}, debug() {}, info() {}, warn() {}, error() {}, fatal() {}, child: () => silent }
let apps = 0
let name = ''

/** Another program of the same app, in the same memory broker. */
function program() {
  const app = createApp({ name, broker: 'memory://', logger: silent })
  const report = app.task('report', { input: z.object({ of: z.string() }), queue: 'reports' }, () => 1)
  return { app, report }
}

beforeEach(() => {
  name = `schedules-${++apps}`
})
afterEach(() => {
  vi.unstubAllEnvs()
})

/** A deadline, no bar. */
const SOON = { timeout: 20_000, interval: 20 }

describe('app.schedule', () => {
  it('checks everything when it is called', () => {
    const { app, report } = program()
    app.schedule('a', { cron: '@daily' }, report.with({ of: 'x' }))
    expect(() => app.schedule('a', { cron: '@daily' }, report.with({ of: 'x' }))).toThrow(/no other schedule/)
    expect(() => app.schedule('b c', { cron: '@daily' }, report.with({ of: 'x' }))).toThrow(/schedule name/)
    expect(() => app.schedule('b', { cron: '@daly' }, report.with({ of: 'x' }))).toThrow(/fields/)
    expect(() => app.schedule('b', { cron: '@daily' }, report.with({ of: 5 } as never))).toThrow(
      expect.objectContaining({ code: 'INVALID_INPUT' }),
    )
    expect(() => app.schedule('b', { cron: '@daily' }, {} as never)).toThrow(/task\.with/)
    expect(() => app.schedule('b', { cron: '@daily' }, program().report.with({ of: 'x' }))).toThrow(/another app/)
    const bare = app.task('bare', () => ({ of: 'x' }))
    app.schedule('bare', { every: '1h' }, bare.with(undefined))
    // @ts-expect-error a task without its input
    expect(() => app.schedule('b', { every: '1h' }, bare)).toThrow(/task\.with/)
    // @ts-expect-error a part of the input is not enough
    expect(() => app.schedule('b', { every: '1h' }, report.with({}))).toThrow(/report/)
    // @ts-expect-error a chain
    expect(() => app.schedule('b', { every: '1h' }, bare.with(undefined).pipe(report))).toThrow(/one task/)
  })

  it('runs its task at each tick, with its input', async () => {
    const { app } = program()
    await using _ = app
    const seen: unknown[] = []
    const { promise: twice, resolve } = Promise.withResolvers<void>()
    const tick = app.task('tick', { input: z.object({ n: z.number() }) }, (input, ctx) => {
      seen.push([input.n, ctx.headers['millrace-schedule'], ctx.jobId])
      if (seen.length === 2) resolve()
    })
    app.schedule('often', { every: 150, limit: 2 }, tick.with({ n: 7 }))
    await using worker = createWorker(app)
    await worker.start()
    await twice
    expect(seen).toEqual([
      [7, 'often', expect.stringMatching(/^schedule:often:\d{13}$/)],
      [7, 'often', expect.stringMatching(/^schedule:often:\d{13}$/)],
    ])
    await vi.waitFor(async () => {
      expect(await app.monitor.schedules()).toMatchObject([
        { name: 'often', state: 'over', fired: 2, owner: 'app', input: { n: 7 } },
      ])
    }, SOON)
  })

  it('code that changes changes the store; what leaves the code is removed, what was made at run time stays', async () => {
    const old = program()
    await using _a = old.app
    old.app.schedule('stays', { cron: '@daily' }, old.report.with({ of: 'x' }))
    old.app.schedule('goes', { cron: '@daily' }, old.report.with({ of: 'x' }))
    await using worker = createWorker(old.app, { dispatcher: false })
    await worker.start()
    await old.app.control.schedules.add('mine', { every: '1h' }, old.report.with({ of: 'z' }))
    await old.app.control.schedules.pause('stays')

    const next = program()
    await using _b = next.app
    next.app.schedule('stays', { cron: '@hourly', timezone: 'Asia/Tokyo' }, next.report.with({ of: 'y' }))
    next.app.schedule('new', { cron: '@daily' }, next.report.with({ of: 'x' }))
    await using newer = createDispatcher(next.app)
    await newer.start()
    const names = async () => (await next.app.monitor.schedules()).map((each) => each.name)
    await vi.waitFor(async () => expect(await names()).toEqual(['mine', 'new', 'stays']), SOON)
    const [mine, , stays] = await next.app.monitor.schedules()
    expect(mine).toMatchObject({ owner: null, rule: 'every 1h', state: 'active' })
    expect(stays).toMatchObject({
      rule: 'cron @hourly in Asia/Tokyo',
      input: { of: 'y' },
      state: 'paused',
      nextAt: null,
    })

    // An old worker that restarts in the middle of the deploy changes nothing.
    await worker.stop()
    await worker.start()
    expect(await names()).toEqual(['mine', 'new', 'stays'])
    // A program without schedules neither.
    const bare = program()
    await using _c = bare.app
    await using other = createWorker(bare.app, { dispatcher: false })
    await other.start()
    expect(await names()).toEqual(['mine', 'new', 'stays'])
    // Going back is a deployment of its own.
    vi.stubEnv('MILLRACE_DEPLOYMENT', 'rollback-1')
    await worker.stop()
    await worker.start()
    expect(await names()).toEqual(['goes', 'mine', 'stays'])
  })

  it('programs with different owners leave each other alone', async () => {
    const [mail, sales] = [program(), program()]
    await using _a = mail.app
    await using _b = sales.app
    mail.app.schedule('mail', { cron: '@daily' }, mail.report.with({ of: 'x' }))
    sales.app.schedule('sales', { cron: '@daily' }, sales.report.with({ of: 'x' }))
    vi.stubEnv('MILLRACE_DEPLOYMENT', 'mail@1')
    await using one = createWorker(mail.app, { dispatcher: false })
    await one.start()
    vi.stubEnv('MILLRACE_DEPLOYMENT', 'sales@1')
    await using two = createWorker(sales.app, { dispatcher: false })
    await two.start()
    expect((await mail.app.monitor.schedules()).map((each) => [each.name, each.owner])).toEqual([
      ['mail', 'mail'],
      ['sales', 'sales'],
    ])
  })

  it('a schema that refuses later keeps the worker from starting', async () => {
    const { app } = program()
    await using _ = app
    const slow = app.task('slow', { input: z.string().refine(async (text) => text !== 'no') }, () => 1)
    app.schedule('bad', { cron: '@daily' }, slow.with('no'))
    const worker = createWorker(app, { dispatcher: false })
    await expect(worker.start()).rejects.toMatchObject({ code: 'INVALID_INPUT' })
    await worker.stopped()
  })
})

describe('app.control.schedules', () => {
  it('adds, changes, pauses, resumes, runs, previews and removes', async () => {
    const { app, report } = program()
    await using _ = app
    const { schedules } = app.control
    const added = await schedules.add('a', { every: '1h', overlap: 'skip' }, report.with({ of: 'x' }))
    expect(added).toMatchObject({
      name: 'a',
      task: 'report',
      queue: 'reports',
      state: 'active',
      fired: 0,
      lastAt: null,
    })
    expect(JSON.parse(JSON.stringify(added))).toEqual(added)
    const anchor = added.nextAt ?? 0
    expect(Math.abs(anchor - Date.now() - 3_600_000)).toBeLessThan(10_000)
    const same = await schedules.add('a', { every: '1h', overlap: 'queue' }, report.with({ of: 'y' }))
    expect([same.nextAt, same.spec.overlap]).toEqual([anchor, 'queue'])
    expect(await app.monitor.scheduleTicks('a', { count: 3 })).toEqual({
      name: 'a',
      ticks: [anchor, anchor + 3_600_000, anchor + 7_200_000],
    })
    expect(await schedules.pause('a')).toMatchObject({ state: 'paused', nextAt: null })
    expect(await schedules.pause('a')).toMatchObject({ state: 'paused' })
    expect((await app.monitor.scheduleTicks('a')).ticks).toHaveLength(5)
    expect(await schedules.resume('a')).toMatchObject({ state: 'active', nextAt: anchor })
    const run = await schedules.run('a')
    expect(await app.job(report, run.id).state()).toBe('ready')
    await expect(schedules.run('a')).rejects.toMatchObject({ code: 'UNIQUE_CONFLICT', holder: run.id })
    expect(await schedules.add('a', { every: '1h', enabled: false }, report.with({ of: 'y' }))).toMatchObject({
      state: 'disabled',
    })
    expect(await schedules.remove('a')).toEqual({ name: 'a', removed: true })
    expect(await schedules.remove('a')).toEqual({ name: 'a', removed: false })
    await expect(schedules.run('a')).rejects.toMatchObject({ code: 'INVALID_OPTION' })
    await expect(app.monitor.scheduleTicks('a')).rejects.toMatchObject({ code: 'INVALID_OPTION' })
    await expect(schedules.add('b', { every: '1ms' }, report.with({ of: 'y' }))).rejects.toMatchObject({
      code: 'INVALID_OPTION',
    })
  })

  it('a moment that is past never fires, and is kept as over', async () => {
    const { app, report } = program()
    await using _ = app
    const past = await app.control.schedules.add('a', { at: '2020-01-01T00:00:00Z' }, report.with({ of: 'x' }))
    expect(past).toMatchObject({ state: 'over', nextAt: null, rule: 'at 2020-01-01T00:00:00.000Z' })
  })
})

describe('deployments', () => {
  it('are told apart by version and by what they schedule', () => {
    expect(readDeployment('')).toEqual({ owner: 'app', version: '' })
    expect(readDeployment('abc')).toEqual({ owner: 'app', version: 'abc' })
    expect(readDeployment('mail@abc')).toEqual({ owner: 'mail', version: 'abc' })
    expect(() => readDeployment('a b')).toThrow(/owner@version/)
    const one = deploymentId(readDeployment('1'), [])
    expect(deploymentId(readDeployment('2'), [])).not.toBe(one)
    expect(deploymentId(readDeployment('1'), [])).toBe(one)
  })
})
