import type { NewJob } from '@millrace/broker'
import type { ScriptScene } from './scene-stage.js'
import { atDoor, awaited, HERE, hearEnds, job, MIXED, put, sit } from './scene-stage.js'

/** What producers call. */
export const PRODUCER_SCENES: readonly ScriptScene[] = [
  { script: 'hello', what: 'a new session', prepare: async (stage) => () => put(stage, ['a']) },
  {
    script: 'enqueue',
    what: 'ordinary jobs',
    prepare: async (stage) => (await put(stage, ['x']), () => put(stage, ['a', 'b', 'c'])),
  },
  {
    script: 'enqueue',
    what: 'all kinds of jobs',
    prepare: async (stage) => (await put(stage, ['x']), () => put(stage, ['a', 'b', ...MIXED])),
  },
  {
    script: 'enqueue',
    what: 'named jobs alone, one of them there already',
    prepare: async (stage) => {
      const [a, b, c] = ['a', 'b', 'c'].map((id) => job(id, { named: true })) as [NewJob, NewJob, NewJob]
      await put(stage, ['x', a])
      return () => put(stage, [a, b, c, b])
    },
  },
  {
    script: 'enqueue',
    what: 'over a tombstone',
    prepare: async (stage) => {
      await put(stage, ['x', 'a', 'y'])
      await stage.broker.control.cancel({ lane: HERE, id: 'a' })
      return () => put(stage, ['b', 'a', job('c', { named: true })])
    },
  },
  {
    script: 'enqueue',
    what: 'handing over at the door',
    prepare: async (stage) => {
      await atDoor(await sit(stage))
      return () => put(stage, ['a'])
    },
  },
  {
    script: 'enqueue',
    what: 'handing over to a seat that does not hear it',
    prepare: async (stage) => {
      const { incarnation } = await sit(stage)
      await put(stage, ['x'])
      await stage.broker.control.purge(HERE)
      await stage.raw.zadd('millrace:{scene/scene/0}:door', '1', `60000 ${incarnation}`)
      return () => put(stage, ['a'])
    },
  },
  {
    script: 'enqueue',
    what: 'handing over a job whose end is awaited',
    prepare: async (stage) => {
      await hearEnds(stage)
      await atDoor(await sit(stage))
      return () => put(stage, [awaited('a')])
    },
  },
  {
    script: 'enqueue',
    what: 'a lone job behind others, whose end is awaited',
    prepare: async (stage) => {
      await hearEnds(stage)
      for (const id of ['x', 'y']) await put(stage, [id])
      await stage.raw.del('millrace:{scene/scene/0}:wake')
      return () => put(stage, [awaited('a')])
    },
  },
  {
    script: 'enqueue',
    what: 'jobs whose ends are awaited',
    prepare: async (stage) => {
      await hearEnds(stage)
      return () => put(stage, [awaited('a'), awaited('b')])
    },
  },
]
