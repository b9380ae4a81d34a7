import { randomUUID } from 'node:crypto'
import type { DispatchPort } from '@millrace/broker'
import { openMemoryBroker } from '@millrace/broker-memory'
import { memoryCoordinator } from '@millrace/coordination'
import { type Clock, StaleEpochError } from '@millrace/core'
import { expect, test } from 'vitest'
import { Dispatcher } from '../src/dispatcher.js'
import { RecordingLogger } from './recording-logger.js'
import { until } from './until.js'

const LANE = { queue: 'mail', index: 0 }
const TTL_MS = 1_000

// What a leader does that slept between a check of its term and the write that the check allowed. apps/chaos does the same to processes on
// redlock and etcd (leader-change, freeze-at-write).
test('a leader that slept steps down by its own clock, and the write that it still had is refused', async () => {
  const app = `app-${randomUUID()}`
  let skew = 0
  const clock: Clock = { now: () => Date.now(), monotonic: () => performance.now() + skew }
  const logger = new RecordingLogger()
  const broker = openMemoryBroker({ app })
  const coordinators = [memoryCoordinator({ name: app, clock }), memoryCoordinator({ name: app, clock })] as const
  const message = JSON.stringify([1, 't', {}, Date.now()])
  await broker.producer.enqueue(LANE, [{ id: 'a', message, attrs: { delayMs: 50 } }])

  let asleep = false
  let thaw = (): void => {}
  const begunAsleep: string[] = []
  const answers: unknown[] = []
  const sleeping = new Promise<void>((resolve) => {
    thaw = resolve
  })
  const dispatch = new Proxy(broker.dispatch, {
    get(port, verb: keyof DispatchPort) {
      const call = (port[verb] as (...args: unknown[]) => Promise<unknown>).bind(port)
      return async (...args: unknown[]) => {
        if (asleep && verb !== 'endTerm' && verb !== 'readEpoch') begunAsleep.push(verb)
        if (verb !== 'promoteDue') return call(...args)
        asleep = true
        await sleeping
        return call(...args).catch((error: unknown) => {
          answers.push(error)
          throw error
        })
      }
    },
  })
  const options = { logger, ttlMs: TTL_MS }
  const one = new Dispatcher({ ...options, broker: { dispatch }, coordinator: coordinators[0], candidate: 'one' })
  one.start()
  await until('the first to be about to write', () => asleep)
  const begunBefore = begunAsleep.length
  skew += TTL_MS
  const two = new Dispatcher({ ...options, broker, coordinator: coordinators[1], candidate: 'two' })
  two.start()
  await until('the second to have promoted the job', () => two.status().done.promoted === 1)
  expect(begunAsleep.slice(begunBefore)).toEqual([])
  thaw()
  await until('the late write to be answered', () => answers.length === 1)
  expect(answers[0]).toBeInstanceOf(StaleEpochError)
  expect(one.status().done.promoted).toBe(0)
  expect(two.status().state).toBe('leading')
  await Promise.all([one.stop(), two.stop()])
  await Promise.all([...coordinators, broker].map((each) => each.close()))
})
