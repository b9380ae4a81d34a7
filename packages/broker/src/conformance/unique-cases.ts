import { expect } from 'vitest'
import type { EnqueueAnswer, UniqueAttr } from '../ports/producer.js'
import type { ConformanceTheme } from './conformance-case.js'
import { fail, job, retry, succeed } from './job-fixtures.js'
import type { Scene } from './scene.js'
import { until } from './until.js'

async function ask(scene: Scene, id: string, unique: UniqueAttr = { key: 'k', until: 'done' }): Promise<EnqueueAnswer> {
  const [answer] = await scene.broker.producer.enqueue(scene.lane(), [job(id, { unique })])
  if (answer === undefined) throw new Error('no answer')
  return answer
}

const ACCEPTED = { kind: 'accepted' }
const heldBy = (holder: string) => ({ kind: 'conflict', holder })

export const uniqueCases: ConformanceTheme = {
  'unique-conflict-names-the-holder-until-done': async (scene) => {
    expect(await ask(scene, 'a')).toEqual(ACCEPTED)
    expect(await ask(scene, 'b')).toEqual(heldBy('a'))
    expect(await ask(scene, 'b', { key: 'other', until: 'done' })).toEqual(ACCEPTED)
    const seat = await scene.seat()
    const a = await scene.takeOne(seat)
    expect(await ask(scene, 'c')).toEqual(heldBy('a'))
    await scene.settle(seat, retry(a))
    expect(await ask(scene, 'c')).toEqual(heldBy('a'))
    expect((await scene.workOff(seat)).sort()).toEqual(['a', 'b'])
    expect(await ask(scene, 'c')).toEqual(ACCEPTED)
    expect((await scene.counts()).ready).toBe(1)
  },

  'unique-conflict-writes-nothing': async (scene) => {
    await ask(scene, 'a')
    await ask(scene, 'b')
    expect((await scene.view('b')).state).toBe('unknown')
    expect(await scene.workOff(await scene.seat())).toEqual(['a'])
  },

  'unique-twice-in-one-call': async (scene) => {
    const unique: UniqueAttr = { key: 'k', until: 'done' }
    const answers = await scene.broker.producer.enqueue(scene.lane(), [
      job('a', { unique }),
      job('b', { unique }),
      job('c'),
    ])
    expect(answers).toEqual([ACCEPTED, heldBy('a'), ACCEPTED])
  },

  'unique-until-started': async (scene) => {
    const unique: UniqueAttr = { key: 'k', until: 'started' }
    expect(await ask(scene, 'a', unique)).toEqual(ACCEPTED)
    expect(await ask(scene, 'b', unique)).toEqual(heldBy('a'))
    const seat = await scene.seat()
    const a = await scene.takeOne(seat)
    expect(await ask(scene, 'b', unique)).toEqual(ACCEPTED)
    await scene.settle(seat, succeed(a))
    expect(await ask(scene, 'c', unique)).toEqual(heldBy('b'))
  },

  'unique-expired-and-taken-by-another-is-not-freed-by-the-first': async (scene) => {
    expect(await ask(scene, 'a', { key: 'k', forMs: 1_000, until: 'done' })).toEqual(ACCEPTED)
    expect(await ask(scene, 'b')).toEqual(heldBy('a'))
    await until('the key to expire', async () => (await ask(scene, 'b')).kind === 'accepted')
    const seat = await scene.seat()
    const a = await scene.takeOne(seat)
    expect(a.id).toBe('a')
    await scene.settle(seat, succeed(a))
    expect(await ask(scene, 'c')).toEqual(heldBy('b'))
    await scene.settle(seat, succeed(await scene.takeOne(seat)))
    expect(await ask(scene, 'd')).toEqual(ACCEPTED)
  },

  'unique-is-freed-by-every-end': async (scene) => {
    const { control } = scene.broker
    const seat = await scene.seat()
    const ends: Record<string, () => Promise<unknown>> = {
      succeeded: async () => scene.settle(seat, succeed(await scene.takeOne(seat))),
      failed: async () => scene.settle(seat, fail(await scene.takeOne(seat))),
      cancelled: () => control.cancel(scene.ref('cancelled')),
      'cancelled-running': async () => {
        const held = await scene.takeOne(seat)
        expect(await control.cancel(scene.ref('cancelled-running'))).toBe('asked')
        await scene.settle(seat, retry(held))
      },
      purged: () => control.purge(scene.lane()),
      poisoned: async () => {
        const dying = await scene.seat({ leaseMs: 200 })
        await scene.takeOne(dying)
        await scene.reclaimUntilRunning(0)
      },
    }
    for (const [id, end] of Object.entries(ends)) {
      const unique: UniqueAttr = { key: 'k', until: 'done' }
      const maxCrashes = id === 'poisoned' ? { maxCrashes: 1 } : {}
      const [answer] = await scene.broker.producer.enqueue(scene.lane(), [job(id, { unique, ...maxCrashes })])
      expect([id, answer]).toEqual([id, ACCEPTED])
      await end()
    }
    expect(await ask(scene, 'last')).toEqual(ACCEPTED)
  },

  'unique-hundred-at-once-make-one-job': async (scene) => {
    const answers = await Promise.all(Array.from({ length: 100 }, (_, index) => ask(scene, `j-${index}`)))
    const winners = answers.flatMap((answer, index) => (answer.kind === 'accepted' ? [`j-${index}`] : []))
    expect(winners.length).toBe(1)
    expect(answers.filter((answer) => answer.kind === 'conflict' && answer.holder === winners[0]).length).toBe(99)
  },
}
