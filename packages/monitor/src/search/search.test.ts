import type { Lane, NewJob } from '@millrace/broker'
import { encodeMessage, recordFailure, type Verdict } from '@millrace/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { MAIL, memoryStage } from '../../test/memory-stage.js'
import type { JobSummary } from '../job-view.js'
import { fingerprintOf } from './fingerprint.js'
import type { JobFilter } from './job-filter.js'
import { matchGlob } from './match-glob.js'

const MATH: Lane = { queue: 'math', index: 0 }

const stage = memoryStage('search')
const { control, monitor } = stage

function job(id: string, task: string, attrs?: NewJob['attrs']): NewJob {
  const message = encodeMessage(task, '{}', 1_700_000_000_000)
  return attrs === undefined ? { id, message } : { id, message, attrs }
}

/** Takes every ready job and ends its attempt with this error. */
async function spoil(lane: Lane, kind: 'fail' | 'retry', text: (id: string) => string): Promise<void> {
  const seat = await stage.broker.consumer.join(lane, { id: 'w', leaseMs: 60_000 })
  const { reservations } = await seat.exchange({ settlements: [], want: 1_000, empty: true })
  const settlements = reservations.map((reservation) => {
    const failure = recordFailure(new TypeError(text(reservation.id)), { reason: 'error', attempt: 1, at: 5 })
    const verdict: Verdict =
      kind === 'fail' ? { kind, failure, keepMs: 0 } : { kind, failure, delayMs: 60_000 + reservations.length }
    return { reservation, verdict }
  })
  await seat.exchange({ settlements, want: 0, empty: true })
  await seat.leave()
}

async function scenery(): Promise<void> {
  await stage.broker.producer.enqueue(MAIL, [job('m1', 'mail.send'), job('m2', 'mail.send'), job('m3', 'mail.bounce')])
  await spoil(MAIL, 'fail', (id) => (id === 'm3' ? 'no such user' : `read timeout after ${id.length * 99} ms`))
  await stage.broker.producer.enqueue(MATH, [job('a1', 'math.add'), job('a2', 'math.add')])
  await spoil(MATH, 'retry', () => 'Overflow')
  await stage.broker.producer.enqueue(MATH, [job('r1', 'math.add'), job('s1', 'math.sub', { delayMs: 60_000 })])
}

const found = async (filter: JobFilter) => (await monitor().search({ filter })).jobs.map((one) => one.id).sort()

describe('matchGlob', () => {
  test.each([
    ['mail.*', 'mail.send', true],
    ['mail.*', 'mail', false],
    ['*', '', true],
    ['a*b*c', 'aXbYbZc', true],
    ['a*b*c', 'aXbY', false],
    ['', '', true],
    ['a.c', 'abc', false],
    ['**a', 'bba', true],
  ])('%s on %s is %s', (pattern, name, fits) => expect(matchGlob(pattern, name)).toBe(fits))

  test('agrees with a regular expression', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '*'), maxLength: 8 })
    fc.assert(
      fc.property(text, fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 8 }), (pattern, name) => {
        expect(matchGlob(pattern, name)).toBe(new RegExp(`^${pattern.replaceAll('*', '.*')}$`).test(name))
      }),
    )
  })
})

describe('fingerprintOf', () => {
  const of = (message: string, task = 't', name = 'Error') => fingerprintOf(task, { name, message, reason: 'error' })
  test('is blind to numbers, ids and quoted texts', () => {
    expect(of('timeout after 30 ms of "x" for 3f2a9b1c8d')).toBe(of('timeout after 9 ms of "yy" for 00aa11bb22cc'))
    expect(of('id 3f2504e0-4f89-11d3-9a0c-0305e82c3301 gone')).toBe(of('id 123e4567-e89b-12d3-a456-426614174000 gone'))
  })
  test('tells tasks, errors and messages apart', () => {
    expect(new Set([of('a'), of('b'), of('a', 'u'), of('a', 't', 'TypeError')]).size).toBe(4)
  })
})

describe('search', () => {
  test.each<[string, JobFilter, string[]]>([
    ['everything', {}, ['a1', 'a2', 'm1', 'm2', 'm3', 'r1', 's1']],
    ['a task pattern', { tasks: ['mail.*'] }, ['m1', 'm2', 'm3']],
    ['one of several', { tasks: ['math.sub', 'mail.bounce'] }, ['m3', 's1']],
    ['a queue', { queues: ['ma*h'] }, ['a1', 'a2', 'r1', 's1']],
    ['states', { states: ['retrying', 'scheduled'] }, ['a1', 'a2', 's1']],
    ['an error, whatever the case', { errors: ['TIMEOUT'] }, ['m1', 'm2']],
    ["an error's name", { errors: ['typeerror'], states: ['retrying'] }, ['a1', 'a2']],
    ['every part of it', { errors: ['read', 'after 198'] }, ['m1', 'm2']],
    ['an id', { ids: ['m1', 'nobody', 'x'.repeat(300)] }, ['m1']],
    ['an id in another state', { ids: ['m1'], states: ['retrying'] }, []],
    ['a text of the id, the task or the error', { texts: ['bounce'] }, ['m3']],
    ['contradictions', { tasks: ['mail.*'], queues: ['math'] }, []],
  ])('%s', async (_, filter, ids) => {
    await scenery()
    expect(await found(filter)).toEqual(ids)
  })

  test('a fingerprint finds those that failed alike', async () => {
    await scenery()
    const { jobs } = await monitor().search({ filter: { ids: ['m1'] } })
    const [{ task, lastFailure } = { task: null, lastFailure: null }] = jobs
    if (lastFailure === null) throw new Error('it failed')
    expect(await found({ fingerprints: [fingerprintOf(task, lastFailure)] })).toEqual(['m1', 'm2'])
  })

  test('pages hold every job once, whatever their size', async () => {
    await scenery()
    for (const limit of [1, 2, 3, 50]) {
      const ids: string[] = []
      let cursor: string | undefined
      do {
        const page = await monitor().search({ filter: {}, limit, cursor })
        expect(page.jobs.length).toBeLessThanOrEqual(limit)
        ids.push(...page.jobs.map((one) => one.id))
        cursor = page.cursor ?? undefined
      } while (cursor !== undefined)
      expect(ids.sort()).toEqual(['a1', 'a2', 'm1', 'm2', 'm3', 'r1', 's1'])
    }
  })

  test('a filter that fits nothing does bounded work and goes on where it stopped', async () => {
    for (let i = 0; i < 5; i++) {
      await stage.broker.producer.enqueue(
        MAIL,
        Array.from({ length: 1_000 }, (_, k) => job(`j${i}-${k}`, 'mail.send')),
      )
    }
    let scanned = 0
    let calls = 0
    let cursor: string | undefined
    do {
      const page = await monitor().search({ filter: { tasks: ['nothing'] }, limit: 50, cursor })
      expect(page.scanned).toBeLessThanOrEqual(2_050)
      expect(page.jobs).toEqual([])
      scanned += page.scanned
      calls += 1
      cursor = page.cursor ?? undefined
    } while (cursor !== undefined)
    expect([scanned, calls > 1]).toEqual([5_000, true])
  })

  test('what the view hides cannot be found out by searching', async () => {
    await scenery()
    const view = (one: JobSummary): JobSummary =>
      one.lastFailure === null ? one : { ...one, lastFailure: { ...one.lastFailure, message: '[redacted]' } }
    expect((await monitor().search({ filter: { errors: ['timeout'] }, view })).jobs).toEqual([])
  })

  test.each(['%%%', 'WzFd', Buffer.from('[0,"q","x"]').toString('base64url')])(
    'the cursor %s is refused',
    async (cursor) => {
      await expect(monitor().search({ filter: {}, cursor })).rejects.toMatchObject({ code: 'INVALID_OPTION' })
    },
  )
})

describe('count', () => {
  test('counts what fits, by state', async () => {
    await scenery()
    expect(await monitor().count({ tasks: ['ma*'] })).toEqual({
      matched: 7,
      complete: true,
      states: { retrying: 2, ready: 1, scheduled: 1, failed: 3 },
    })
  })
  test('asks the store where it knows', async () => {
    await scenery()
    expect(await monitor().count({ states: ['failed', 'ready'], queues: ['mail'] })).toEqual({
      matched: 3,
      complete: true,
      states: { failed: 3 },
    })
  })
})

describe('groups', () => {
  test('failed jobs by task and failure, the largest first', async () => {
    await scenery()
    const { groups, total, scanned, complete } = await monitor().failedGroups()
    expect(groups.map((group) => [group.task, group.count, group.queues])).toEqual([
      ['mail.send', 2, ['mail']],
      ['mail.bounce', 1, ['mail']],
    ])
    expect([total, scanned, complete]).toEqual([3, 3, true])
  })
  test('retries by time and by group', async () => {
    await scenery()
    const { next, groups } = await monitor().retries({ limit: 1 })
    expect(next.length).toBe(1)
    expect(groups).toMatchObject([{ task: 'math.add', count: 2, attemptsUsed: 1 }])
    expect(groups[0]?.nextDueAt).toBe(next[0]?.dueAt)
  })
})

describe('orders for many', () => {
  test('all that match, in no other state than the order is for', async () => {
    await scenery()
    const seen: number[] = []
    const answer = await control().orderAll({
      order: 'retry',
      target: { filter: { tasks: ['mail.*'] } },
      onProgress: ({ changed }) => seen.push(changed),
    })
    expect(answer).toEqual({ matched: 3, changed: 3, skipped: 0, complete: true })
    expect(seen).toEqual([0, 3])
    expect(await found({ states: ['ready'] })).toEqual(['m1', 'm2', 'm3', 'r1'])
  })
  test('a selection; what is in no state for it is skipped', async () => {
    await scenery()
    const jobs = ['m1', 'r1', 'nobody'].map((id) => ({ id, queue: id === 'm1' ? 'mail' : 'math' }))
    expect(await control().orderAll({ order: 'discard', target: { jobs } })).toEqual({
      matched: 2,
      changed: 1,
      skipped: 1,
      complete: true,
    })
  })
  test('postpone', async () => {
    await scenery()
    const before = Date.now()
    await control().orderAll({ order: 'postpone', target: { filter: {} }, delayMs: 600_000 })
    const { jobs } = await monitor().search({ filter: { states: ['retrying', 'scheduled'] } })
    expect(jobs.filter((one) => (one.dueAt ?? 0) < before + 590_000)).toEqual([])
    expect(jobs.length).toBe(3)
  })
  test('states that the order is not for match nothing', async () => {
    await scenery()
    const bulk = { order: 'retry', target: { filter: { states: ['ready'] } } } as const
    expect(await control().orderAll(bulk)).toMatchObject({ matched: 0, complete: true })
  })
  test('ends between two steps when it is told to', async () => {
    await scenery()
    const stop = new AbortController()
    const answer = await control().orderAll({
      order: 'retry',
      target: { filter: {} },
      perSecond: 4,
      signal: stop.signal,
      onProgress: ({ changed }) => changed === 1 && stop.abort(),
    })
    expect(answer).toEqual({ matched: 3, changed: 1, skipped: 0, complete: false })
  })
})
