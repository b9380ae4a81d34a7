import type { Lane } from '@millrace/broker'
import { generateJobId } from '@millrace/core'
import { describe, expect, test } from 'vitest'
import { failed, job, MAIL, MAIL_1, memoryStage, NOW, OTHER } from '../test/memory-stage.js'

const stage = memoryStage('monitor')
const { control, monitor, put, settle } = stage

const asJson = (value: unknown) => JSON.parse(JSON.stringify(value)) as unknown

describe('queues', () => {
  test('an app that never enqueued has none', async () => {
    expect(await monitor().queues()).toEqual([])
  })

  test('sums the lanes of a queue', async () => {
    await put(MAIL_1, job('a'), job('b'))
    await put(MAIL, job('c'), job('d', 'mail.send', { delayMs: 60_000 }))
    await put(OTHER, job('e'))
    await settle(OTHER, () => failed('no'))
    const views = await monitor().queues()
    expect(views.map((view) => view.queue)).toEqual(['mail', 'other'])
    expect(views[0]).toMatchObject({ lanes: 2, ready: 3, due: 1, running: 0, failed: 0, paused: false })
    expect(views[0]?.oldestReadyMs).toBeGreaterThan(0)
    expect(views[1]).toMatchObject({ ready: 0, failed: 1, oldestReadyMs: null, totals: { failed: 1 } })
    expect(asJson(views)).toEqual(views)
  })

  test('a queue is paused when all of its lanes are', async () => {
    await put(MAIL, job('a'))
    await put(MAIL_1, job('b'))
    await stage.broker.control.pause(MAIL)
    expect(await monitor().queues()).toMatchObject([{ paused: false, pausedLanes: 1 }])
    expect(await control().pause('mail')).toEqual({ queue: 'mail', paused: true, lanes: 2 })
    expect(await monitor().queues()).toMatchObject([{ paused: true, pausedLanes: 2 }])
    expect(await control().resume('mail')).toEqual({ queue: 'mail', paused: false, lanes: 2 })
    expect(await monitor().queues()).toMatchObject([{ paused: false, pausedLanes: 0 }])
  })
})

describe('jobs', () => {
  test('pages through queues and lanes without a gap or a repeat', async () => {
    const ids = Array.from({ length: 25 }, (_, index) => `job-${index}`)
    for (const [index, id] of ids.entries()) await put([MAIL, MAIL_1, OTHER][index % 3] as Lane, job(id))
    const seen: string[] = []
    let cursor: string | undefined
    let pages = 0
    do {
      const page = await monitor().jobs({ state: 'ready', limit: 4, cursor })
      expect(page.jobs.length).toBeLessThanOrEqual(4)
      seen.push(...page.jobs.map((one) => one.id))
      cursor = page.cursor ?? undefined
      pages += 1
    } while (cursor !== undefined && pages < 30)
    expect([...seen].sort()).toEqual([...ids].sort())
  })

  test('filters by queue and by task', async () => {
    await put(MAIL, job('a'), job('b', 'mail.other'), job('c'))
    await put(OTHER, job('d'))
    const page = await monitor().jobs({ state: 'ready', queue: 'mail', task: 'mail.send' })
    expect(page.jobs.map((one) => one.id).sort()).toEqual(['a', 'c'])
    expect(page.cursor).toBeNull()
    expect(asJson(page)).toEqual(page)
  })

  test('shows malformed messages as what they are', async () => {
    await put(MAIL, { id: 'bad', message: '{"not":"ours"}' }, { id: 'worse', message: 'no json' })
    const { jobs } = await monitor().jobs({ state: 'ready' })
    expect(jobs.map((one) => one.task)).toEqual([null, null])
    expect(await monitor().job('bad')).toMatchObject({ malformed: true, task: null, input: null, headers: {} })
    expect(await monitor().job('worse')).toMatchObject({ task: null, state: 'ready' })
  })

  test.each([
    [{ state: 'redy' as 'ready' }, /Did you mean "ready"/],
    [{ state: 'ready' as const, limit: 0 }, /limit/],
    [{ state: 'ready' as const, cursor: 'nonsense' }, /cursor/],
    [{ state: 'ready' as const, queue: 'mial' }, /Did you mean "mail"/],
  ])('refuses %j', async (query, message) => {
    await put(MAIL, job('a'))
    await expect(monitor().jobs(query)).rejects.toThrow(message)
  })
})

describe('job', () => {
  test('null for an id that left no trace', async () => {
    await put(MAIL, job('a'))
    expect(await monitor().job('b')).toBeNull()
    await expect(monitor().job('not an id')).rejects.toThrow(/job id/)
  })

  test('is found by a generated id, by a name, and where a key has put it', async () => {
    const generated = generateJobId(1)
    await put(MAIL, job('a'))
    await put(MAIL_1, job(generated), job('b'), job('c'), job('d'))
    await put(OTHER, job('e'))
    for (const id of [generated, 'a', 'b', 'c', 'd', 'e'])
      expect(await monitor().job(id)).toMatchObject({ id, state: 'ready' })
    expect(await monitor().job('e', { queue: 'mail' })).toBeNull()
  })

  test('shows input, history and failure', async () => {
    await put(MAIL, job('a'))
    await settle(MAIL, () => failed('no such mailbox'))
    const view = await monitor().job('a')
    expect(view).toMatchObject({
      id: 'a',
      queue: 'mail',
      lane: 0,
      state: 'failed',
      task: 'mail.send',
      input: { to: 'ada' },
      enqueuedAt: NOW,
      attemptsUsed: 1,
      malformed: false,
      lastFailure: { message: 'no such mailbox' },
      history: [{ name: 'Error', message: 'no such mailbox', reason: 'error' }],
    })
    expect(asJson(view)).toEqual(view)
  })

  test('shows a result that is kept', async () => {
    await put(MAIL, job('a'))
    await settle(MAIL, () => ({ kind: 'succeed', outputJson: '{"messageId":"m1"}', keepMs: 60_000 }))
    expect(await monitor().job('a')).toMatchObject({
      state: 'succeeded',
      result: { state: 'succeeded', kept: true, output: { messageId: 'm1' } },
    })
  })

  test('names the other queues that have the id', async () => {
    await put(MAIL, job('a'))
    await put(OTHER, job('a'))
    expect(await monitor().job('a')).toMatchObject({ queue: 'mail', alsoIn: ['other'] })
  })
})

describe('leader and health', () => {
  test('null until somebody led, then the last term', async () => {
    expect(await monitor().leader()).toBeNull()
    const epoch = await stage.broker.dispatch.mintEpoch(0, { candidate: 'c', host: 'h', pid: 1 })
    expect(await monitor().leader()).toMatchObject({ candidate: 'c', host: 'h', pid: 1, epoch, endedAt: null })
    await stage.broker.dispatch.endTerm(epoch)
    expect((await monitor().leader())?.endedAt).toEqual(expect.any(Number))
  })

  test('health is plain data, errors first', async () => {
    const health = await monitor().health()
    expect(health.ok).toBe(health.findings.every((finding) => finding.level !== 'error'))
    expect(asJson(health)).toEqual(health)
  })
})
