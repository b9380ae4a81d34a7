import { expect } from 'vitest'
import type { ConformanceTheme } from './conformance-case.js'
import { ids, job, jobs, messageOf, succeed } from './job-fixtures.js'

export const enqueueCases: ConformanceTheme = {
  'enqueue-answers-each-job-in-order': async (scene) => {
    const answers = await scene.broker.producer.enqueue(scene.lane(), jobs(3))
    expect(answers).toEqual([{ kind: 'accepted' }, { kind: 'accepted' }, { kind: 'accepted' }])
    expect((await scene.counts()).ready).toBe(3)
  },

  'enqueue-first-in-first-out': async (scene) => {
    const first = await scene.put(jobs(30, 'a'))
    const second = await scene.put(jobs(30, 'b'))
    const seat = await scene.seat()
    expect(ids(await scene.takeAll(seat, 60))).toEqual([...ids(first), ...ids(second)])
  },

  'enqueue-thousand-in-one-call': async (scene) => {
    const put = await scene.put(1_000)
    expect((await scene.counts()).ready).toBe(1_000)
    const seat = await scene.seat()
    const held = await scene.takeAll(seat, 1_000)
    expect(ids(held)).toEqual(ids(put))
    const reply = await scene.exchange(seat, { settlements: held.map((each) => succeed(each)) })
    expect(reply.lost).toEqual([])
    const counts = await scene.counts()
    expect([counts.ready, counts.running, counts.succeeded]).toEqual([0, 0, 1_000])
  },

  'enqueue-keeps-the-message': async (scene) => {
    const inputs: unknown[] = [
      { text: 'ünïcödé 日本語 🎉 \u2028\u2029 \u0000 \n "quoted" \\ /' },
      { deep: [[[[{ a: null }]]]], numbers: [0, -1, 1.5, 1e300, 12_345_678_901_234], empty: [{}, [], ''] },
      JSON.parse('{"__proto__":{"x":1},"constructor":1,"toString":"t"}'),
    ]
    await scene.put(inputs.map((input, index) => job(`m-${index}`, undefined, messageOf(input))))
    const held = await scene.takeAll(await scene.seat(), inputs.length)
    for (const [index, reservation] of held.entries()) {
      expect(JSON.stringify(reservation.wire)).toBe(messageOf(inputs[index]))
      expect(JSON.stringify((await scene.view(`m-${index}`)).wire)).toBe(messageOf(inputs[index]))
    }
  },

  'enqueue-ids-of-any-script': async (scene) => {
    const odd = [
      'jöb-日本-🎉',
      '__proto__',
      'constructor',
      'hasOwnProperty',
      'a"b\\c',
      "it's",
      '{tag}',
      '0',
      '1e3',
      'a:b:c',
      '*?[x]',
      '%s%d',
      'x'.repeat(200),
    ]
    await scene.put(odd)
    const seat = await scene.seat()
    const held = await scene.takeAll(seat, odd.length)
    expect(ids(held)).toEqual(odd)
    expect(held.map((each) => each.wire)).toEqual(odd.map((id) => JSON.parse(messageOf({ id }))))
    await scene.settle(seat, ...held.map((each) => succeed(each, '1', 60_000)))
    for (const id of odd) expect(await scene.outcome(id)).toEqual({ state: 'succeeded', outputJson: '1' })
  },

  'enqueue-lanes-and-apps-are-apart': async (scene) => {
    await scene.put(['same'], scene.lane(0))
    await scene.put(['same'], scene.lane(1))
    await scene.put(['same'], scene.lane(0, 'other'))
    for (const lane of [scene.lane(0), scene.lane(1), scene.lane(0, 'other')]) {
      const seat = await scene.seat({ lane })
      const reservation = await scene.takeOne(seat)
      expect([reservation.id, reservation.lane]).toEqual(['same', lane])
      await scene.settle(seat, succeed(reservation))
    }
  },

  'enqueue-registers-the-lane': async (scene) => {
    expect(await scene.broker.inspect.lanes()).toEqual([])
    await scene.put(['a'], scene.lane(0))
    await scene.put(['b'], scene.lane(3, 'mail'))
    const expected = [
      { queue: 'mail', index: 3 },
      { queue: 'work', index: 0 },
    ]
    for (const lanes of [await scene.broker.inspect.lanes(), await scene.broker.dispatch.lanes()]) {
      expect([...lanes].sort((a, b) => (a.queue < b.queue ? -1 : 1))).toEqual(expected)
    }
  },

  'enqueue-malformed-message-harms-only-itself': async (scene) => {
    const bad = ['not json', '', '{', '[1,"t",{},1', '"open', 'undefined', 'NaN']
    const list = bad.flatMap((message, index) => [job(`good-${index}`), job(`bad-${index}`, undefined, message)])
    await scene.put(list)
    const seat = await scene.seat()
    const held = await scene.takeAll(seat, list.length)
    expect(ids(held)).toEqual(ids(list))
    for (const reservation of held) {
      const good = reservation.id.startsWith('good')
      expect([reservation.id, reservation.wire]).toEqual([
        reservation.id,
        good ? JSON.parse(messageOf({ id: reservation.id })) : undefined,
      ])
    }
    expect((await scene.view('bad-0')).wire).toBeUndefined()
    await scene.settle(seat, ...held.filter((each) => each.wire === undefined).map((each) => succeed(each)))
    expect((await scene.counts()).running).toBe(bad.length)
  },

  // Where messages travel as one joined text, pieces may parse together: each job must still get its own bytes or none.
  'enqueue-malformed-messages-that-join-up': async (scene) => {
    const messages: Record<string, string> = {
      a: '1,2',
      b: messageOf({ id: 'b' }),
      c: '[3',
      d: '4]',
      e: messageOf({ id: 'e' }),
    }
    await scene.put(Object.entries(messages).map(([id, message]) => job(id, undefined, message)))
    const held = await scene.takeAll(await scene.seat(), 5)
    expect(held.map((each) => [each.id, each.wire])).toEqual([
      ['a', undefined],
      ['b', JSON.parse(messageOf({ id: 'b' }))],
      ['c', undefined],
      ['d', undefined],
      ['e', JSON.parse(messageOf({ id: 'e' }))],
    ])
  },

  'enqueue-big-messages-all-arrive': {
    timeoutMs: 30_000,
    run: async (scene) => {
      const big = Array.from({ length: 30 }, (_, index) =>
        job(`big-${index}`, undefined, messageOf('x'.repeat(300_000) + index)),
      )
      for (let from = 0; from < big.length; from += 10) await scene.put(big.slice(from, from + 10))
      const seat = await scene.seat()
      const held: string[] = []
      for (;;) {
        const reply = await scene.exchange(seat, { want: 30 })
        let bytes = 0
        for (const each of reply.reservations) {
          const text = JSON.stringify(each.wire)
          expect(text === messageOf('x'.repeat(300_000) + held.length)).toBe(true)
          bytes += text.length
          held.push(each.id)
        }
        // One message of slack: a bound may be checked after the one that passed it.
        expect(bytes).toBeLessThanOrEqual(4 * 1024 * 1024 + 301_000)
        if (held.length < 30) expect(reply.more).toBe(true)
        else break
      }
      expect(held).toEqual(ids(big))
    },
  },
}
