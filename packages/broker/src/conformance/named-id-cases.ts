import { expect } from 'vitest'
import type { ConformanceTheme } from './conformance-case.js'
import { fail, job, retry, succeed } from './job-fixtures.js'
import type { Scene } from './scene.js'

async function again(scene: Scene, id: string, attrs = {}): Promise<string | undefined> {
  const [answer] = await scene.broker.producer.enqueue(scene.lane(), [job(id, { named: true, ...attrs })])
  return answer?.kind
}

export const namedIdCases: ConformanceTheme = {
  'named-id-is-a-duplicate-while-it-lives': async (scene) => {
    expect(await again(scene, 'a')).toBe('accepted')
    expect(await again(scene, 'a')).toBe('duplicate')
    const seat = await scene.seat()
    const held = await scene.takeOne(seat)
    expect(await again(scene, 'a')).toBe('duplicate')
    await scene.settle(seat, retry(held, 60_000))
    expect(await again(scene, 'a')).toBe('duplicate')
    expect(await again(scene, 'a', { delayMs: 10 })).toBe('duplicate')
    expect(await again(scene, 'later', { delayMs: 60_000 })).toBe('accepted')
    expect(await again(scene, 'later')).toBe('duplicate')
    const counts = await scene.counts()
    expect([counts.ready, counts.due]).toEqual([0, 2])
  },

  'named-id-is-a-duplicate-after-every-end': async (scene) => {
    for (const id of ['succeeded', 'failed', 'cancelled', 'discarded']) expect(await again(scene, id)).toBe('accepted')
    await scene.broker.control.cancel(scene.ref('cancelled'))
    const seat = await scene.seat()
    const held = await scene.takeAll(seat, 3)
    await scene.settle(seat, ...held.map((each) => (each.id === 'succeeded' ? succeed(each) : fail(each))))
    expect(await scene.broker.control.discard(scene.ref('discarded'))).toBe('discarded')
    for (const id of ['succeeded', 'failed', 'cancelled', 'discarded']) {
      expect([id, await again(scene, id)]).toEqual([id, 'duplicate'])
    }
    expect(await scene.workOff(seat)).toEqual([])
  },

  'named-id-twice-in-one-call': async (scene) => {
    const named = job('a', { named: true })
    const answers = await scene.broker.producer.enqueue(scene.lane(), [named, job('b'), named])
    expect(answers.map((each) => each.kind)).toEqual(['accepted', 'accepted', 'duplicate'])
    expect(await scene.workOff(await scene.seat())).toEqual(['a', 'b'])
  },

  'named-ids-alone-in-one-call': async (scene) => {
    const named = (id: string) => job(id, { named: true })
    const seat = await scene.seat()
    await scene.put([named('ended')])
    await scene.settle(seat, succeed(await scene.takeOne(seat)))
    await scene.put(['before', named('there')])
    const batch = ['new', 'there', 'ended', 'new', 'other'].map(named)
    const answers = await scene.broker.producer.enqueue(scene.lane(), batch)
    expect(answers.map((each) => each.kind)).toEqual(['accepted', 'duplicate', 'duplicate', 'duplicate', 'accepted'])
    const none = await scene.broker.producer.enqueue(scene.lane(), batch)
    expect(none.map((each) => each.kind)).toEqual(batch.map(() => 'duplicate'))
    expect(await scene.workOff(seat)).toEqual(['before', 'there', 'new', 'other'])
  },

  'named-id-hundred-at-once-make-one-job': async (scene) => {
    const other = await scene.another()
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, index) =>
        (index % 2 ? other : scene.broker).producer.enqueue(scene.lane(), [job('a', { named: true })]),
      ),
    )
    const kinds = answers.map(([answer]) => answer?.kind)
    expect(kinds.filter((kind) => kind === 'accepted').length).toBe(1)
    expect(kinds.filter((kind) => kind === 'duplicate').length).toBe(99)
    expect(await scene.workOff(await scene.seat())).toEqual(['a'])
  },

  'named-id-duplicate-leaves-its-neighbours-and-keys-alone': async (scene) => {
    await scene.put([job('a', { named: true })])
    const answers = await scene.broker.producer.enqueue(scene.lane(), [
      job('b'),
      job('a', { named: true, unique: { key: 'k', until: 'done' } }),
      job('c', { unique: { key: 'k', until: 'done' } }),
    ])
    expect(answers.map((each) => each.kind)).toEqual(['accepted', 'duplicate', 'accepted'])
  },
}
