import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { turns } from '../../test/manual-time.js'
import { until, WorkerScene } from '../../test/worker-scene.js'

let scene: WorkerScene
let order: string[]
beforeEach(() => {
  scene = new WorkerScene()
  order = []
  scene.task('note', async (input) => {
    order.push(input as string)
    // Slow enough that nothing is read ahead: what is looked at is who gets the slots.
    await new Promise((resolve) => setTimeout(resolve, 3))
  })
})
afterEach(() => scene.close())

function fill(count: number, queues: readonly string[]): void {
  for (let index = 0; index < count; index += 1) for (const queue of queues) scene.enqueue('note', queue, { queue })
}

describe('several queues', () => {
  it('take turns, also with a single slot', async () => {
    fill(40, ['a', 'b'])
    await scene.started({ queues: ['a', 'b'], concurrency: 1 })
    await until('all settled', () => scene.store.succeeded === 80)
    const early = order.slice(0, 40).filter((queue) => queue === 'a').length
    expect(early).toBeGreaterThanOrEqual(15)
    expect(early).toBeLessThanOrEqual(25)
  })

  it('get slots by weight while all have work', async () => {
    fill(200, ['heavy', 'light'])
    await scene.started({ queues: { heavy: 3, light: 1 }, concurrency: 8 })
    await until('half is settled', () => scene.store.settled.length >= 160)
    const heavy = order.slice(0, 160).filter((queue) => queue === 'heavy').length
    expect(heavy).toBeGreaterThan(100)
    expect(heavy).toBeLessThan(140)
    await until('all settled', () => scene.store.succeeded === 400)
  })

  it('are served in order where that is strict', async () => {
    fill(50, ['first', 'second'])
    await scene.started({ queues: ['first', 'second'], strict: true, concurrency: 4 })
    await until('all settled', () => scene.store.succeeded === 100)
    expect(order.slice(0, 50).every((queue) => queue === 'first')).toBe(true)
  })
})

it('does not spin while it is idle, nor when it is woken for nothing', async () => {
  await scene.started({ queues: ['a'] })
  await until('an exchange found nothing', () => scene.store.exchanges.length > 0)
  await turns(200)
  expect(scene.store.exchanges.length).toBeLessThanOrEqual(2)
  for (let wake = 0; wake < 100; wake += 1) {
    scene.store.wake()
    await turns(2)
  }
  expect(scene.store.exchanges.length).toBeLessThan(60)
})
