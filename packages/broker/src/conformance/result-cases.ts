import { expect } from 'vitest'
import type { ConformanceTheme } from './conformance-case.js'
import { fail, ids, job, retry, succeed } from './job-fixtures.js'
import { registeredWaiter } from './registered-waiter.js'
import { until } from './until.js'

export const resultCases: ConformanceTheme = {
  'result-waiter-before-the-end': async (scene) => {
    await scene.put(['a'])
    const other = await scene.another()
    const waiter = await registeredWaiter(scene, scene.ref('a'), other)
    const seat = await scene.seat()
    await scene.settle(seat, retry(await scene.takeOne(seat)))
    await scene.settle(seat, succeed(await scene.takeOne(seat), '{"n":1}', 0))
    expect(await waiter.ended).toEqual({ state: 'succeeded', outputJson: '{"n":1}' })
    // Kept for at least a minute because somebody had asked.
    expect(await scene.outcome('a')).toEqual({ state: 'succeeded', outputJson: '{"n":1}' })
  },

  'result-waiter-before-a-failure': async (scene) => {
    await scene.put(['a'])
    const waiter = await registeredWaiter(scene, scene.ref('a'))
    const seat = await scene.seat()
    await scene.settle(seat, fail(await scene.takeOne(seat), 0, 'broken'))
    expect(await waiter.ended).toMatchObject({ state: 'failed', failure: { message: 'broken' }, attempts: 1 })
  },

  'result-of-jobs-that-are-said-to-be-awaited': async (scene) => {
    const seat = await scene.seat()
    for (const id of ['first', 'second', 'third']) {
      await scene.put([{ ...job(id), awaited: true }])
      await scene.settle(seat, succeed(await scene.takeOne(seat), '"out"', 60_000))
      const outcome = { state: 'succeeded', outputJson: '"out"' }
      // By who enqueued it, told of its end before he asks; and by who was never told.
      expect(await scene.broker.results.wait(scene.ref(id), { timeoutMs: 20_000 })).toEqual(outcome)
      expect(await (await scene.another()).results.wait(scene.ref(id), { timeoutMs: 20_000 })).toEqual(outcome)
    }
  },

  'result-waiter-during-the-end-never-hangs': async (scene) => {
    const put = await scene.put(40)
    const seat = await scene.seat()
    for (const held of await scene.takeAll(seat, put.length)) {
      const waiting = scene.broker.results.wait(scene.ref(held.id), { timeoutMs: 20_000 })
      const [ended] = await Promise.all([waiting, scene.settle(seat, succeed(held, '1', 0))])
      expect(ended === 'gone' || ended.state === 'succeeded').toBe(true)
    }
  },

  'result-waiter-after-the-end': async (scene) => {
    await scene.put(['kept', 'dropped'])
    const seat = await scene.seat()
    const [kept, dropped] = await scene.takeAll(seat, 2)
    if (kept === undefined || dropped === undefined) throw new Error('unreachable')
    await scene.settle(seat, succeed(kept, '[1]', 60_000), succeed(dropped, '[1]', 0))
    const { results } = scene.broker
    expect(await results.wait(scene.ref('kept'), { timeoutMs: 20_000 })).toEqual({
      state: 'succeeded',
      outputJson: '[1]',
    })
    expect(await results.wait(scene.ref('dropped'), { timeoutMs: 20_000 })).toBe('gone')
    expect(await results.wait(scene.ref('never-was'), { timeoutMs: 20_000 })).toBe('gone')
  },

  'result-many-waiters-of-one-job': async (scene) => {
    await scene.put(['a'])
    const other = await scene.another()
    const waiters = [
      await registeredWaiter(scene, scene.ref('a')),
      await registeredWaiter(scene, scene.ref('a'), other),
      await registeredWaiter(scene, scene.ref('a'), other),
    ]
    const seat = await scene.seat()
    await scene.settle(seat, succeed(await scene.takeOne(seat)))
    for (const waiter of waiters) expect(await waiter.ended).toMatchObject({ state: 'succeeded' })
  },

  'result-waiter-is-not-woken-by-a-neighbour': async (scene) => {
    await scene.put(['a', 'b'])
    const waiter = await registeredWaiter(scene, scene.ref('b'))
    const seat = await scene.seat()
    await scene.settle(seat, succeed(await scene.takeOne(seat), '"a"', 60_000))
    await scene.settle(seat, succeed(await scene.takeOne(seat), '"b"', 0))
    expect(await waiter.ended).toEqual({ state: 'succeeded', outputJson: '"b"' })
  },

  'result-waiting-ends-by-timeout-and-by-signal': async (scene) => {
    await scene.put(['a'])
    const { results } = scene.broker
    await expect(results.wait(scene.ref('a'), { timeoutMs: 100 })).rejects.toBeInstanceOf(Error)
    const stop = new AbortController()
    const waiting = results.wait(scene.ref('a'), { signal: stop.signal, timeoutMs: 20_000 })
    stop.abort(new Error('enough'))
    await expect(waiting).rejects.toBeInstanceOf(Error)
    expect(await scene.workOff(await scene.seat())).toEqual(['a'])
  },

  'result-get-answers-in-order-with-gaps': async (scene) => {
    await scene.put(['a', 'b', 'c', 'd'])
    const seat = await scene.seat()
    const held = await scene.takeAll(seat, 3)
    await scene.settle(seat, ...held.slice(0, 2).map((each) => succeed(each, JSON.stringify(each.id), 60_000)))
    const refs = ['b', 'nobody', 'a', 'c', 'd'].map((id) => scene.ref(id))
    const outcomes = await scene.broker.results.get(refs)
    expect(outcomes).toEqual([
      { state: 'succeeded', outputJson: '"b"' },
      undefined,
      { state: 'succeeded', outputJson: '"a"' },
      undefined,
      undefined,
    ])
  },

  // Living again, it has no outcome: whoever waits must not be told how its former life ended.
  'result-of-a-former-life-is-forgotten': async (scene) => {
    await scene.put(['a'])
    const waiter = await registeredWaiter(scene, scene.ref('a'))
    await scene.broker.control.cancel(scene.ref('a'))
    expect(await waiter.ended).toEqual({ state: 'cancelled' })
    await scene.put(['a'])
    expect(await scene.outcome('a')).toBeUndefined()
    expect((await scene.view('a')).state).toBe('ready')
    const again = await registeredWaiter(scene, scene.ref('a'))
    const seat = await scene.seat()
    await scene.settle(seat, succeed(await scene.takeOne(seat), '2', 0))
    expect(await again.ended).toEqual({ state: 'succeeded', outputJson: '2' })
  },

  'result-without-output': async (scene) => {
    await scene.put(['a'])
    const seat = await scene.seat()
    await scene.settle(seat, succeed(await scene.takeOne(seat), undefined, 60_000))
    expect(await scene.outcome('a')).toEqual({ state: 'succeeded', outputJson: undefined })
  },

  'result-is-dropped-when-its-time-is-over': async (scene) => {
    await scene.put(['a', 'b'])
    const seat = await scene.seat()
    const held = await scene.takeAll(seat, 2)
    await scene.settle(seat, ...held.map((each) => succeed(each, '1', each.id === 'a' ? 300 : 60_000)))
    await until('the outcome to be dropped', async () => (await scene.outcome('a')) === undefined)
    expect(await scene.outcome('b')).toBeDefined()
  },

  'result-progress-reaches-the-waiter-in-order': async (scene) => {
    await scene.put([job('a')])
    const seat = await scene.seat()
    const a = await scene.takeOne(seat)
    const seen: string[] = []
    const waiting = scene.broker.results.wait(scene.ref('a'), {
      timeoutMs: 20_000,
      onProgress: (json) => seen.push(json),
    })
    await until('progress to arrive', async () => {
      expect(await seat.progress(a, '0')).toBe(true)
      return seen.length > 0
    })
    for (const value of ['1', '{"x":"日本"}', '3']) expect(await seat.progress(a, value)).toBe(true)
    await until('the last progress to arrive', () => seen.at(-1) === '3')
    expect(seen.filter((value) => value !== '0')).toEqual(['1', '{"x":"日本"}', '3'])
    await scene.settle(seat, succeed(a, '9', 0))
    expect(await waiting).toEqual({ state: 'succeeded', outputJson: '9' })
    expect(await seat.progress(a, '4')).toBe(false)
    expect(ids([a])).toEqual(['a'])
  },
}
