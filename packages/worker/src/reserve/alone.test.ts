import { encodeMessage } from '@millrace/core'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { until, WorkerScene } from '../../test/worker-scene.js'

let scene: WorkerScene
beforeEach(() => {
  scene = new WorkerScene()
})
afterEach(() => scene.close())

it('runs jobs that must be alone with nothing beside them, in two lanes that both ask', async () => {
  let running = 0
  const beside: number[] = []
  scene.task('usual', async () => {
    running += 1
    for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve))
    running -= 1
  })
  scene.task('suspect', async () => {
    beside.push(running)
    running += 1
    await new Promise((resolve) => setImmediate(resolve))
    running -= 1
  })
  for (const queue of ['a', 'b']) {
    for (let index = 0; index < 60; index += 1) scene.enqueue('usual', null, { queue })
    for (let index = 0; index < 3; index += 1) {
      scene.store.add(queue, {
        id: `${queue}${index}`,
        wire: JSON.parse(encodeMessage('suspect', 'null', Date.now())),
        alone: true,
        crashes: 2,
      })
    }
  }
  await scene.started({ queues: ['a', 'b'], concurrency: 10 })
  await until('all settled', () => scene.store.succeeded === 126)
  expect(beside).toEqual([0, 0, 0, 0, 0, 0])
})
