import { expect } from 'vitest'
import type { Broker } from '../ports/broker.js'
import type { ConformanceTheme } from './conformance-case.js'
import { job, retry, succeed } from './job-fixtures.js'
import type { Scene } from './scene.js'
import { until } from './until.js'

/** An idle worker of one: waits, looks, and waits again until it has got a job. Returns the ms since `from`. */
async function workWhenWoken(
  scene: Scene,
  broker: Broker,
  stop: AbortSignal,
): Promise<{ id: string; at: number } | undefined> {
  const seat = await scene.seat({ broker })
  while (!stop.aborted) {
    await broker.consumer.waitForWork([scene.lane()], stop)
    const [held] = await scene.take(seat)
    if (held === undefined) continue
    await scene.settle(seat, succeed(held))
    return { id: held.id, at: performance.now() }
  }
  return undefined
}

/** Waits until the lane has nothing to announce: what earlier steps left behind is taken. */
async function quiet(wait: (signal: AbortSignal) => Promise<unknown>): Promise<void> {
  await until('the lane to be quiet', async () => {
    const timeout = AbortSignal.timeout(300)
    await wait(timeout).catch(() => undefined)
    return timeout.aborted
  })
}

/** Each way for a job to become ready must wake a worker that waits, well before its own look each 5 s. */
async function wakes(scene: Scene, makeReady: () => Promise<unknown>): Promise<void> {
  const { consumer } = scene.broker
  await quiet((signal) => consumer.waitForWork([scene.lane()], signal))
  const stop = new AbortController()
  const from = performance.now()
  const woken = consumer.waitForWork([scene.lane()], stop.signal)
  await makeReady()
  expect(await woken).toBe(true)
  expect(performance.now() - from).toBeLessThan(3_500)
}

export const wakeCases: ConformanceTheme = {
  'wake-after-enqueue': (scene) => wakes(scene, () => scene.put(['a'])),

  'wake-after-a-priority-job': (scene) => wakes(scene, () => scene.put([job('a', { priority: -5 })])),

  'wake-after-promotion': async (scene) => {
    await scene.put([job('a', { delayMs: 400 })])
    await wakes(scene, () => until('promotion', async () => (await scene.promote()) > 0))
  },

  'wake-after-a-retry-without-delay': async (scene) => {
    await scene.put(['a'])
    const seat = await scene.seat()
    const held = await scene.takeOne(seat)
    await wakes(scene, () => scene.settle(seat, retry(held)))
  },

  'wake-after-reclaim': async (scene) => {
    await scene.put(['a'])
    await scene.takeOne(await scene.seat({ leaseMs: 600 }))
    await wakes(scene, () => scene.reclaimUntilRunning(0))
  },

  'wake-after-resume': async (scene) => {
    await scene.put(['a'])
    await scene.broker.control.pause(scene.lane())
    const seat = await scene.seat()
    await scene.take(seat)
    await wakes(scene, () => scene.broker.control.resume(scene.lane()))
  },

  'wake-after-leave': async (scene) => {
    await scene.put(['a'])
    const seat = await scene.seat()
    await scene.takeOne(seat)
    await wakes(scene, () => seat.leave())
  },

  'wake-after-control-retry-and-promote': async (scene) => {
    await scene.put([job('a', { delayMs: 60_000 })])
    await wakes(scene, () => scene.broker.control.promote(scene.ref('a')))
  },

  'wake-again-while-more-can-be-taken': async (scene) => {
    const { consumer } = scene.broker
    const seat = await scene.seat()
    await quiet((signal) => consumer.waitForWork([scene.lane()], signal))
    await scene.put(3)
    for (let round = 0; round < 3; round++) {
      const from = performance.now()
      expect(await consumer.waitForWork([scene.lane()], new AbortController().signal)).toBe(true)
      expect(performance.now() - from).toBeLessThan(3_500)
      await scene.takeOne(seat)
    }
  },

  'wake-for-one-of-several-lanes': async (scene) => {
    const lanes = [scene.lane(0), scene.lane(1), scene.lane(0, 'other')]
    const { consumer } = scene.broker
    await quiet((signal) => consumer.waitForWork(lanes, signal))
    const woken = consumer.waitForWork(lanes, new AbortController().signal)
    const from = performance.now()
    await scene.put(['a'], lanes[2])
    expect(await woken).toBe(true)
    expect(performance.now() - from).toBeLessThan(3_500)
  },

  'wake-not-at-all-where-there-is-nothing': {
    timeoutMs: 20_000,
    run: async (scene) => {
      const stop = new AbortController()
      const from = performance.now()
      expect(await scene.broker.consumer.waitForWork([scene.lane()], stop.signal)).toBe(false)
      const waited = performance.now() - from
      expect(waited).toBeLessThan(8_000)
      const aborted = new AbortController()
      const waiting = scene.broker.consumer.waitForWork([scene.lane()], aborted.signal)
      aborted.abort()
      expect(await waiting).toBe(false)
      expect(await scene.broker.consumer.waitForWork([scene.lane()], aborted.signal)).toBe(false)
    },
  },

  'wake-two-idle-workers-for-two-jobs': async (scene) => {
    const stop = new AbortController()
    const workers = [scene.broker, await scene.another()].map((broker) => workWhenWoken(scene, broker, stop.signal))
    await quiet((signal) => scene.broker.consumer.waitForWork([scene.lane(5)], signal))
    const from = performance.now()
    await scene.put(['a', 'b'])
    const got = await Promise.all(workers)
    stop.abort()
    expect(got.map((each) => each?.id).sort()).toEqual(['a', 'b'])
    for (const each of got) expect((each?.at ?? Number.POSITIVE_INFINITY) - from).toBeLessThan(4_000)
  },

  'wake-many-jobs-one-by-one-none-is-slept-over': {
    timeoutMs: 30_000,
    run: async (scene) => {
      const other = await scene.another()
      for (let round = 0; round < 30; round++) {
        const stop = new AbortController()
        const workers = [scene.broker, other].map((broker) => workWhenWoken(scene, broker, stop.signal))
        const from = performance.now()
        await scene.put([`j-${round}`])
        const first = await Promise.race(workers)
        stop.abort()
        await Promise.all(workers)
        expect(first?.id).toBe(`j-${round}`)
        expect((first?.at ?? Number.POSITIVE_INFINITY) - from).toBeLessThan(3_500)
      }
    },
  },

  'wake-taken-by-a-consumer-that-never-exchanges-is-made-good': {
    timeoutMs: 30_000,
    run: async (scene) => {
      const brokers = [scene.broker, await scene.another()]
      const stop = new AbortController()
      const taken = brokers.map(async (broker, index) => {
        await broker.consumer.waitForWork([scene.lane()], stop.signal)
        return index
      })
      await scene.put(['a'])
      const first = await Promise.race(taken)
      // The first to be woken dies here. The other goes on as it would have.
      const from = performance.now()
      const other = brokers[1 - first] as Broker
      await taken[1 - first]
      const seat = await scene.seat({ broker: other })
      await until(
        'the other worker to get the job',
        async () => {
          const [held] = await scene.take(seat)
          if (held !== undefined) return true
          await other.consumer.waitForWork([scene.lane()], stop.signal)
          return false
        },
        { withinMs: 12_000 },
      )
      expect(performance.now() - from).toBeLessThan(7_000)
      stop.abort()
    },
  },
}
