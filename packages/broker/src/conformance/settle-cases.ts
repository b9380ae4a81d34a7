import { expect } from 'vitest'
import type { ConformanceTheme } from './conformance-case.js'
import { cancel, fail, job, release, retry, succeed } from './job-fixtures.js'

export const settleCases: ConformanceTheme = {
  'settle-twice-second-is-lost': async (scene) => {
    await scene.put(['a'])
    const seat = await scene.seat()
    const a = await scene.takeOne(seat)
    await scene.settle(seat, succeed(a))
    const again = await scene.exchange(seat, { settlements: [fail(a)] })
    expect(again.lost.map((each) => each.reservation.id)).toEqual(['a'])
    const counts = await scene.counts()
    expect([counts.succeeded, counts.failed, counts.running]).toEqual([1, 0, 0])
  },

  'settle-twice-in-one-call-first-counts': async (scene) => {
    await scene.put(['a', 'b'])
    const seat = await scene.seat()
    const [a, b] = await scene.takeAll(seat, 2)
    if (a === undefined || b === undefined) throw new Error('unreachable')
    const reply = await scene.exchange(seat, { settlements: [succeed(a), succeed(b), succeed(a), retry(b)] })
    expect(reply.lost.map((each) => each.reservation.id).sort()).toEqual(['a', 'b'])
    const counts = await scene.counts()
    expect([counts.succeeded, counts.ready, counts.running, counts.due]).toEqual([2, 0, 0, 0])
  },

  'settle-by-another-seat-is-lost': async (scene) => {
    await scene.put(['a'])
    const [holder, stranger] = [await scene.seat(), await scene.seat()]
    const a = await scene.takeOne(holder)
    const reply = await scene.exchange(stranger, { settlements: [succeed(a)] })
    expect(reply.lost.length).toBe(1)
    await scene.settle(holder, succeed(a))
  },

  'settle-old-token-is-lost-though-the-same-seat-holds-the-job-again': async (scene) => {
    await scene.put(['a'])
    const seat = await scene.seat()
    const old = await scene.takeOne(seat)
    await scene.settle(seat, release(old))
    const current = await scene.takeOne(seat)
    expect(current.id).toBe('a')
    expect(BigInt(current.token) > BigInt(old.token)).toBe(true)
    for (const verdict of [succeed(old), retry(old), fail(old), release(old), cancel(old)]) {
      const reply = await scene.exchange(seat, { settlements: [verdict] })
      expect(reply.lost.length).toBe(1)
    }
    expect(await seat.progress(old, '1')).toBe(false)
    expect((await scene.view('a')).state).toBe('running')
    await scene.settle(seat, succeed(current))
  },

  'settle-old-token-is-lost-beside-good-verdicts': async (scene) => {
    await scene.put(['a', 'b', 'c'])
    const seat = await scene.seat()
    const [a, b, c] = await scene.takeAll(seat, 3)
    if (a === undefined || b === undefined || c === undefined) throw new Error('unreachable')
    await scene.settle(seat, succeed(b))
    const reply = await scene.exchange(seat, { settlements: [succeed(a), succeed(b), succeed(c)] })
    expect(reply.lost.map((each) => each.reservation.id)).toEqual(['b'])
    expect((await scene.counts()).succeeded).toBe(3)
  },

  'settle-all-kinds-in-one-call': async (scene) => {
    const names = ['s', 'sk', 'r0', 'r9', 'f', 'l0', 'l9', 'c']
    await scene.put(names)
    const seat = await scene.seat()
    const held = new Map((await scene.takeAll(seat, names.length)).map((each) => [each.id, each]))
    const of = (id: string) => held.get(id) as NonNullable<ReturnType<typeof held.get>>
    await scene.settle(
      seat,
      succeed(of('s')),
      succeed(of('sk'), '{"ok":true}', 60_000),
      retry(of('r0')),
      retry(of('r9'), 60_000),
      fail(of('f'), 60_000),
      release(of('l0')),
      release(of('l9'), 60_000),
      cancel(of('c')),
    )
    const counts = await scene.counts()
    expect([counts.ready, counts.due, counts.failed, counts.running]).toEqual([2, 2, 1, 0])
    expect([counts.succeeded, counts.retried, counts.failedEver, counts.crashed]).toEqual([2, 2, 1, 0])
    expect(await scene.outcome('sk')).toEqual({ state: 'succeeded', outputJson: '{"ok":true}' })
    expect(['succeeded', 'unknown']).toContain((await scene.view('s')).state)
    expect(['cancelled', 'unknown']).toContain((await scene.view('c')).state)
    expect((await scene.view('f')).state).toBe('failed')
  },

  'settle-fail-is-kept-with-history-and-outcome': async (scene) => {
    await scene.put(['a'])
    const seat = await scene.seat()
    await scene.settle(seat, retry(await scene.takeOne(seat), 0, 'first'))
    await scene.settle(seat, fail(await scene.takeOne(seat), 60_000, 'second'))
    const view = await scene.view('a')
    expect(view.state).toBe('failed')
    expect(view.history.map((each) => each.message)).toEqual(['first', 'second'])
    expect(Math.abs((view.failedAt ?? 0) - Date.now())).toBeLessThan(60_000)
    expect(await scene.outcome('a')).toMatchObject({ state: 'failed', failure: { message: 'second' }, attempts: 2 })
    const page = await scene.broker.inspect.page(scene.lane(), 'failed', {})
    expect(page.jobs.map((each) => [each.ref.id, each.state])).toEqual([['a', 'failed']])
    expect(await scene.workOff(seat)).toEqual([])
  },

  'settle-history-is-bounded': async (scene) => {
    await scene.put(['a'])
    const seat = await scene.seat()
    for (let round = 0; round < 12; round++) {
      await scene.settle(seat, retry(await scene.takeOne(seat), 0, `${round} ${'é'.repeat(2_000)}`))
    }
    const { history, attemptsUsed } = await scene.view('a')
    expect(attemptsUsed).toBe(12)
    expect(Buffer.byteLength(JSON.stringify(history))).toBeLessThanOrEqual(17 * 1024)
    expect(history.at(-1)?.message.startsWith('11 ')).toBe(true)
  },

  'settle-output-of-any-json': async (scene) => {
    const outputs = ['null', '0', '""', '"日本 🎉 \\u0000"', '[]', '{"__proto__":1}', `"${'x'.repeat(100_000)}"`]
    await scene.put(outputs.map((_, index) => job(`o-${index}`)))
    const seat = await scene.seat()
    const held = await scene.takeAll(seat, outputs.length)
    await scene.settle(seat, ...held.map((each, index) => succeed(each, outputs[index], 60_000)))
    for (const [index, outputJson] of outputs.entries()) {
      expect(await scene.outcome(`o-${index}`)).toEqual({ state: 'succeeded', outputJson })
    }
  },
}
