import { describe, expect, test } from 'vitest'
import { failed, job, MAIL, MAIL_1, memoryStage, NOW, OTHER } from '../test/memory-stage.js'

const stage = memoryStage('control')
const { control, monitor, put, settle } = stage

describe('orders about jobs', () => {
  test('retry, discard, cancel, promote and their refusals', async () => {
    await put(MAIL, job('a'), job('b'))
    await settle(MAIL, () => failed('no'))
    expect(await control().retry('a')).toMatchObject({ done: true, answer: 'retried', queue: 'mail', state: 'failed' })
    expect(await control().retry('a')).toMatchObject({ done: false, answer: 'not-failed', state: 'ready' })
    expect(await control().discard('b')).toMatchObject({ done: true, answer: 'discarded' })
    expect(await control().cancel('a')).toMatchObject({ done: true, answer: 'cancelled' })
    await put(MAIL, job('c', 'mail.send', { delayMs: 60_000 }))
    expect(await control().promote('c')).toMatchObject({ done: true, answer: 'promoted', state: 'scheduled' })
    expect(await control().promote('c')).toMatchObject({ done: false, answer: 'not-waiting' })
    expect(await control().cancel('nobody')).toMatchObject({ done: false, answer: 'unknown', queue: null })
  })

  test('an id in two queues must be told apart', async () => {
    await put(MAIL, job('a'))
    await put(OTHER, job('a'))
    const answer = await control().cancel('a')
    expect(answer).toMatchObject({ done: false, answer: 'ambiguous' })
    expect(answer.message).toContain('mail, other')
    expect(await control().cancel('a', { queue: 'other' })).toMatchObject({ done: true, queue: 'other' })
    expect(await monitor().job('a', { queue: 'mail' })).toMatchObject({ state: 'ready' })
  })

  test('retryAll takes every failed job of a task, in bounded steps', async () => {
    const mine = Array.from({ length: 200 }, (_, index) => job(`m${index}`))
    await put(MAIL, ...mine.slice(0, 100))
    await put(MAIL_1, ...mine.slice(100, 200))
    await put(MAIL, job('x', 'mail.other'))
    await put(OTHER, job('y'))
    for (const lane of [MAIL, MAIL_1, OTHER]) await settle(lane, () => failed('no'))
    await settle(MAIL, () => failed('no'))
    const steps: number[] = []
    const answer = await control().retryAll({ queue: 'mail', task: 'mail.send', onProgress: (n) => steps.push(n) })
    expect(answer).toEqual({ matched: 200, retried: 200, complete: true })
    expect(steps.at(-1)).toBe(200)
    expect(await monitor().queues()).toMatchObject([
      { queue: 'mail', ready: 200, failed: 1 },
      { queue: 'other', failed: 1 },
    ])
  })

  test('retryAll can be ended', async () => {
    await put(MAIL, job('a'))
    await settle(MAIL, () => failed('no'))
    expect(await control().retryAll({ signal: AbortSignal.abort() })).toMatchObject({ retried: 0, complete: false })
  })
})

describe('purge', () => {
  test('cancels what waits in every lane and tells how far it is', async () => {
    await put(MAIL, job('a'), job('b', 'mail.send', { delayMs: 60_000 }))
    await put(MAIL_1, job('c'))
    await put(OTHER, job('d'))
    const steps: number[] = []
    const answer = await control().purge('mail', { onProgress: (purged) => steps.push(purged) })
    expect(answer).toEqual({ queue: 'mail', purged: 3, complete: true })
    expect(steps.at(-1)).toBe(3)
    expect(await monitor().queues()).toMatchObject([
      { ready: 0, due: 0 },
      { queue: 'other', ready: 1 },
    ])
  })

  test('refuses a queue that was never used, and a name that is none', async () => {
    await expect(control().purge('mail')).rejects.toThrow(/none yet/)
    await put(MAIL, job('a'))
    await expect(control().purge('mial')).rejects.toThrow(/Did you mean "mail"/)
    await expect(control().pause('no name')).rejects.toThrow(/queue name/)
  })
})

describe('workers', () => {
  const info = (id: string, pid: number, running = 0) => ({
    id,
    host: 'h',
    pid,
    version: '1',
    queues: ['mail'],
    concurrency: 10,
    startedAt: NOW,
    running,
    state: 'running' as const,
  })

  test('are listed as plain data', async () => {
    await stage.broker.consumer.announce(info('w2', 2))
    await stage.broker.consumer.announce(info('w1', 1, 3))
    const views = await monitor().workers()
    expect(views.map((view) => view.id)).toEqual(['w1', 'w2'])
    expect(views[0]).toMatchObject({ running: 3, concurrency: 10, eventLoopDelayMs: null, rssBytes: null })
    expect(JSON.parse(JSON.stringify(views))).toEqual(views)
  })

  test('ping waits for those that announce themselves again', async () => {
    await stage.broker.consumer.announce(info('w1', 1))
    await stage.broker.consumer.announce(info('w2', 2))
    const pinged = control().ping({ waitMs: 400, workers: ['w1', 'w2', 'w3'] })
    let asked = await stage.broker.consumer.announce(info('w1', 1))
    while (asked.length === 0) asked = await stage.broker.consumer.announce(info('w1', 1))
    expect(asked).toMatchObject([{ kind: 'ping', workers: ['w1', 'w2', 'w3'] }])
    await stage.broker.consumer.announce(info('w1', 1, 1))
    const answer = await pinged
    expect(answer.unknown).toEqual(['w3'])
    expect(answer.workers).toMatchObject([
      { id: 'w1', answered: true, running: 1 },
      { id: 'w2', answered: false, afterMs: null },
    ])
  })

  test('quiet, unquiet, stop and resize reach those that they are for', async () => {
    await stage.broker.consumer.announce(info('w1', 1))
    expect(await control().quiet({ workers: ['w1'] })).toMatchObject({ kind: 'quiet', workers: ['w1'], unknown: [] })
    await control().unquiet()
    await control().resize(5)
    expect(await control().stop({ workers: ['w9'] })).toMatchObject({ workers: [], unknown: ['w9'] })
    const orders = await stage.broker.consumer.announce(info('w1', 1))
    expect(orders.map((order) => order.kind).slice(0, 3)).toEqual(['quiet', 'resume', 'resize'])
    expect(orders.find((order) => order.kind === 'resize')?.size).toBe(5)
    await expect(control().resize(0)).rejects.toThrow(/size/)
  })

  test('an order waits until it was obeyed', async () => {
    for (const id of ['w1', 'w2', 'w3']) await stage.broker.consumer.announce(info(id, 1))
    const quieted = control().quiet({ waitMs: 400 })
    let asked = await stage.broker.consumer.announce(info('w1', 1))
    while (asked.length === 0) asked = await stage.broker.consumer.announce(info('w1', 1))
    await stage.broker.consumer.announce({ ...info('w1', 1), state: 'quiet' })
    await stage.broker.consumer.retire('w2')
    expect(await quieted).toMatchObject({ workers: ['w1', 'w2', 'w3'], acknowledged: ['w1', 'w2'] })
    const resized = control().resize(7, { waitMs: 5_000, workers: ['w1'] })
    await stage.broker.consumer.announce({ ...info('w1', 1), concurrency: 7 })
    expect(await resized).toMatchObject({ acknowledged: ['w1'] })
    expect(await control().stop({ workers: ['w1'] })).toMatchObject({ acknowledged: [] })
    const stopped = control().stop({ waitMs: 5_000, workers: ['w1'] })
    await stage.broker.consumer.announce({ ...info('w1', 1), state: 'draining' })
    expect(await stopped).toMatchObject({ acknowledged: ['w1'] })
  })

  test('stats sum up queues and workers', async () => {
    await put(MAIL, job('a'), job('b', 'mail.send', { delayMs: 60_000 }))
    await put(OTHER, job('c'))
    await settle(OTHER, () => ({ kind: 'succeed', output: undefined }) as never)
    await stage.broker.consumer.announce(info('w1', 1))
    expect(await monitor().stats()).toMatchObject({
      queues: 2,
      ready: 1,
      due: 1,
      totals: { succeeded: 1 },
      workers: 1,
      concurrency: 10,
      leader: null,
    })
  })
})
