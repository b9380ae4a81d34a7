import { encodeMessage } from '@millrace/core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { until, WorkerScene } from '../../test/worker-scene.js'

let scene: WorkerScene
beforeEach(() => {
  scene = new WorkerScene()
  scene.store.hasDoor = true
})
afterEach(() => scene.close())

const wire = (task: string) => JSON.parse(encodeMessage(task, 'null', Date.now()))
const standing = (queue: string) => until(`a seat at the door of ${queue}`, () => scene.store.atDoor.has(queue))

describe('a job that is handed over at the door', () => {
  it('is run and settled, and the seat stands there again', async () => {
    const ran: string[] = []
    scene.task('t', (_input, ctx) => void ran.push(ctx.jobId))
    await scene.started({ queues: ['default'] })
    for (const id of ['a', 'b']) {
      await standing('default')
      scene.store.hand('default', { id, wire: wire('t') })
      await until(`${id} settled`, () => scene.verdicts(id).length > 0)
    }
    expect(ran).toEqual(['a', 'b'])
    expect(scene.store.reconciled).toEqual([])
  })

  it('comes to a worker that has room: a full one takes leave of all doors', async () => {
    let finish = () => {}
    scene.task('slow', () => new Promise<void>((resolve) => (finish = resolve)))
    await scene.started({ queues: ['one', 'two'], concurrency: 1 })
    await standing('one')
    await standing('two')
    scene.store.hand('one', { id: 'a', wire: wire('slow') })
    await until('nobody stands at a door', () => scene.store.atDoor.size === 0)
    expect(scene.store.exchanges.at(-1)?.request.want).toBe(0)
    finish()
    await until('a settled', () => scene.verdicts('a').length > 0)
  })

  it('is settled once the call that ends it ahead is over, and not beside it', async () => {
    const asked = Promise.withResolvers<void>()
    const over = Promise.withResolvers<void>()
    scene.store.endsAhead = () => {
      asked.resolve()
      return over.promise
    }
    scene.task('t', () => undefined)
    await scene.started({ queues: ['default'] })
    await standing('default')
    const before = scene.store.exchanges.length
    scene.store.hand('default', { id: 'a', wire: wire('t') })
    await asked.promise
    for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve))
    expect(scene.store.exchanges).toHaveLength(before)
    over.resolve()
    await until('a settled', () => scene.verdicts('a').length > 0)
  })

  it('does not come to a worker that was told to be quiet', async () => {
    scene.task('t', () => undefined)
    const worker = await scene.started({ queues: ['default'] })
    await standing('default')
    scene.store.commands.push({ id: '1', kind: 'quiet' })
    await until('nobody stands at the door', () => scene.store.atDoor.size === 0)
    expect(worker.status().running).toBe(0)
  })
})
