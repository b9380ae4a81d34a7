import { readFileSync } from 'node:fs'
import type { Reservation, Settlement } from '@millrace/broker'
import { InvalidNameError, InvalidOptionError, SUCCEEDED } from '@millrace/core'
import { describe, expect, it } from 'vitest'
import { ManualTime } from '../test/manual-time.js'
import { Pace } from './execute/pace.js'
import { TimeoutWheel } from './execute/timeout-wheel.js'
import { HeldTokens } from './lease/held-tokens.js'
import { OwnDeadline } from './lease/own-deadline.js'
import { resolveWorkerOptions } from './options.js'
import { BackOff } from './reserve/back-off.js'
import { rivalryOf, shareOf } from './reserve/share.js'
import { DurationSheet } from './settle/duration-sheet.js'
import { SettlementBox } from './settle/settlement-box.js'
import { TallySheet } from './settle/tally-sheet.js'
import { VERSION } from './version.js'

const reservation = (id: string, token = '1'): Reservation => ({
  id,
  token,
  lane: { queue: 'q', index: 0 },
  wire: undefined,
  attemptsUsed: 0,
  crashes: 0,
  alone: false,
  composed: false,
  feeds: false,
  atMostOnce: false,
})
const settlement = (id: string, token = '1'): Settlement => ({
  reservation: reservation(id, token),
  verdict: SUCCEEDED,
})

it('announces the version of its package', () => {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
    version: string
  }
  expect(VERSION).toBe(version)
})

describe('options', () => {
  it('have the documented defaults', () => {
    expect(resolveWorkerOptions()).toMatchObject({
      queues: undefined,
      strict: false,
      concurrency: 100,
      leaseMs: 10_000,
      heartbeatMs: 3_333,
      maxBlockMs: 300_000,
      graceMs: 30_000,
      startTimeoutMs: undefined,
      signals: false,
    })
  })

  it('take names and weights', () => {
    expect(resolveWorkerOptions({ queues: ['a', 'b'] }).queues).toEqual([
      { queue: 'a', weight: 1 },
      { queue: 'b', weight: 1 },
    ])
    expect(resolveWorkerOptions({ queues: { a: 3 } }).queues).toEqual([{ queue: 'a', weight: 3 }])
  })

  it.each([
    { concurrency: 0 },
    { concurrency: 1.5 },
    { concurrency: 20_000 },
    { lease: '1 minute' },
    { lease: 10 },
    { lease: '1s', heartbeat: '1s' },
    { maxBlock: '1s' },
    { queues: [] },
    { queues: ['a', 'a'] },
    { queues: { a: 0 } },
    { strict: 'yes' },
    { onEvent: 1 },
    { concurency: 5 },
  ])('refuse %o', (given) => {
    expect(() => resolveWorkerOptions(given as never)).toThrow(InvalidOptionError)
  })

  it('refuse a bad queue name', () => {
    expect(() => resolveWorkerOptions({ queues: ['no spaces'] })).toThrow(InvalidNameError)
  })
})

describe('the timeout wheel', () => {
  it('rings at the time or a tick after it, never before, in any order of arming', async () => {
    const time = new ManualTime()
    const wheel = new TimeoutWheel(() => time.monotonic(), time)
    const late: number[] = []
    const delays = [0, 1, 19, 20, 21, 500, 3_333, 10_239, 10_240, 10_241, 25_000]
    const start = time.monotonic()
    for (const ms of delays) wheel.arm(ms, () => late.push(time.monotonic() - start - ms))
    await time.advance(26_000)
    expect(late).toHaveLength(delays.length)
    for (const by of late) {
      expect(by).toBeGreaterThanOrEqual(0)
      expect(by).toBeLessThanOrEqual(40)
    }
    expect(time.armed).toBe(0)
  })

  it('forgets what is disarmed, twice and after it rang, and rests when nothing is armed', async () => {
    const time = new ManualTime()
    const wheel = new TimeoutWheel(() => time.monotonic(), time)
    let rang = 0
    const first = wheel.arm(100, () => {
      rang += 1
    })
    const second = wheel.arm(100, () => {
      rang += 1
    })
    wheel.disarm(first)
    wheel.disarm(first)
    await time.advance(200)
    wheel.disarm(second)
    expect(rang).toBe(1)
    expect(wheel.armed).toBe(0)
    expect(time.armed).toBe(0)
  })

  it('rings everything that is due after the thread was blocked', async () => {
    const time = new ManualTime()
    let now = 0
    const wheel = new TimeoutWheel(() => now, time)
    let rang = 0
    for (let ms = 1; ms < 20_000; ms += 777) {
      wheel.arm(ms, () => {
        rang += 1
      })
    }
    now = 60_000
    await time.advance(40)
    expect(rang).toBe(26)
  })
})

describe('the settlement box', () => {
  it('hands out batches of at most 1,000, and keeps the order when one comes back', () => {
    const box = new SettlementBox()
    for (let index = 0; index < 1_500; index += 1) box.add(settlement(String(index)))
    const batch = box.take()
    expect(batch).toHaveLength(1_000)
    box.returned(batch)
    expect(box.unsettled).toBe(1_500)
    expect(box.take()[0]?.reservation.id).toBe('0')
    const rest = box.take()
    box.acknowledged(rest)
    expect(rest.map((one) => one.reservation.id).at(-1)).toBe('1499')
    expect(box.unsettled).toBe(1_000)
  })

  it('bounds a batch by bytes, but always hands out one', () => {
    const box = new SettlementBox()
    const outputJson = `"${'x'.repeat(1_000_000)}"`
    for (const id of ['a', 'b', 'c'])
      box.add({ reservation: reservation(id), verdict: { kind: 'succeed', outputJson, keepMs: 1 } })
    expect(box.take()).toHaveLength(1)
    expect(box.take()).toHaveLength(1)
    expect(box.take()).toHaveLength(1)
    expect(box.take()).toHaveLength(0)
  })
})

it('held tokens count jobs per exchange', () => {
  const tokens = new HeldTokens()
  tokens.taken([reservation('a', '1'), reservation('b', '1'), reservation('c', '2')])
  expect([tokens.jobs, tokens.size]).toEqual([3, 2])
  tokens.settled([settlement('a', '1'), settlement('c', '2')])
  expect([tokens.jobs, tokens.list()]).toEqual([1, ['1']])
})

it('an own deadline counts from when a call was sent, and never moves back', () => {
  const deadline = new OwnDeadline(100, 0)
  deadline.renewed(50)
  deadline.renewed(20)
  expect([deadline.passed(149), deadline.passed(150)]).toEqual([false, true])
  deadline.alsoFrom(() => 300)
  expect([deadline.passed(200), deadline.passed(300)]).toEqual([false, true])
})

it('a tally sheet has one line per task and starts anew when taken', () => {
  const sheet = new TallySheet()
  expect(sheet.take()).toBeUndefined()
  sheet.add('a', SUCCEEDED, 2)
  sheet.add('b', SUCCEEDED, 1)
  sheet.add('a', SUCCEEDED, 3)
  expect(sheet.take()).toEqual([
    { task: 'a', succeeded: 2, retried: 0, failed: 0, busyMs: 5 },
    { task: 'b', succeeded: 1, retried: 0, failed: 0, busyMs: 1 },
  ])
  expect(sheet.take()).toBeUndefined()
})

it('a duration sheet counts by bucket, bounds included, and takes back what could not be told', () => {
  const sheet = new DurationSheet()
  expect(sheet.take()).toEqual([])
  const quick = (counts: readonly number[]) => [...counts, ...new Array<number>(13 - counts.length).fill(0)]
  for (const ms of [0, 5, 5.1, 1_800_001]) sheet.add('a', ms)
  sheet.add('b', 100)
  const lines = sheet.take()
  expect(lines).toEqual([
    { task: 'a', sumMs: 1_800_011, counts: [...quick([2, 1]).slice(0, 12), 1] },
    { task: 'b', sumMs: 100, counts: quick([0, 0, 1]) },
  ])
  sheet.add('b', 1)
  sheet.putBack(lines)
  expect(sheet.take().map(({ task, sumMs }) => [task, sumMs])).toEqual([
    ['b', 101],
    ['a', 1_800_011],
  ])
  expect(sheet.take()).toEqual([])
})

it('a back-off doubles up to its ceiling, with half of it at random', () => {
  const low = new BackOff(() => 0)
  expect(Array.from({ length: 9 }, () => low.next())).toEqual([25, 50, 100, 200, 400, 800, 1_600, 2_500, 2_500])
  const high = new BackOff(() => 1)
  expect(high.next()).toBe(50)
})

it('read-ahead is for handlers that are known to be fast', () => {
  const pace = new Pace()
  expect(pace.ahead(100)).toBe(0)
  for (let index = 0; index < 300; index += 1) pace.synchronous(0.01)
  expect(pace.ahead(100)).toBe(500)
  for (let index = 0; index < 300; index += 1) pace.asynchronous(50)
  expect(pace.ahead(100)).toBe(0)
})

it('shares go by weight among lanes that may have work, at least one slot each', () => {
  const heavy = { weight: 3, rank: 0, maybe: true, taken: 0 }
  const light = { weight: 1, rank: 1, maybe: true, taken: 0 }
  const idle = { weight: 5, rank: 2, maybe: false, taken: 0 }
  const claims = [heavy, light, idle]
  expect(claims.map((claim) => shareOf(claim, rivalryOf(claims), { slots: 8, strict: false }))).toEqual([6, 2, 5])
  expect(claims.map((claim) => shareOf(claim, rivalryOf(claims), { slots: 1, strict: false }))).toEqual([1, 1, 1])
  expect(claims.map((claim) => shareOf(claim, rivalryOf(claims), { slots: 8, strict: true }))).toEqual([8, 0, 0])
})
