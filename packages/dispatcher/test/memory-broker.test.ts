import { randomUUID } from 'node:crypto'
import type { Broker, NewJob } from '@millrace/broker'
import { openMemoryBroker } from '@millrace/broker-memory'
import { type Coordinator, memoryCoordinator } from '@millrace/coordination'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { Dispatcher } from '../src/dispatcher.js'
import { RecordingLogger } from './recording-logger.js'
import { until } from './until.js'

const LANE = { queue: 'mail', index: 0 }

function delayed(id: string, delayMs: number): NewJob {
  return { id, message: JSON.stringify([1, 't', {}, Date.now()]), attrs: { delayMs } }
}

describe('dispatcher on the memory broker', () => {
  let app: string
  let brokers: Broker[] = []
  let coordinators: Coordinator[] = []
  let dispatchers: Dispatcher[] = []
  let logger: RecordingLogger

  beforeEach(() => {
    app = `app-${randomUUID()}`
    brokers = []
    coordinators = []
    dispatchers = []
    logger = new RecordingLogger()
  })
  afterEach(async () => {
    await Promise.all(dispatchers.map((each) => each.stop()))
    await Promise.all([...coordinators, ...brokers].map((each) => each.close()))
  })

  function open(): Broker {
    const broker = openMemoryBroker({ app })
    brokers.push(broker)
    return broker
  }
  /** `election`: candidates of different elections all believe that they lead. */
  function start(candidate: string, election = app): Dispatcher {
    const coordinator = memoryCoordinator({ name: election })
    coordinators.push(coordinator)
    const made = new Dispatcher({ broker: open(), coordinator, logger, candidate })
    dispatchers.push(made)
    made.start()
    return made
  }
  const readyCount = async (broker: Broker): Promise<number> => (await broker.inspect.counts(LANE)).ready

  test('delayed jobs become ready in time, the later enqueued but earlier due one first', async () => {
    const broker = open()
    await broker.producer.enqueue(LANE, [delayed('far', 60_000)])
    start('one')
    await until('a leader', () => dispatchers[0]?.status().state === 'leading')
    const from = performance.now()
    await broker.producer.enqueue(LANE, [delayed('near', 60)])
    await until('the near one to be ready', async () => (await readyCount(broker)) === 1, 4_500)
    expect(performance.now() - from).toBeGreaterThanOrEqual(55)
    expect((await broker.inspect.job({ lane: LANE, id: 'far' })).state).toBe('scheduled')
    expect((await broker.inspect.job({ lane: LANE, id: 'near' })).state).toBe('ready')
  })

  test('jobs of a worker whose lease ended are ready again', async () => {
    const broker = open()
    await broker.producer.enqueue(LANE, [{ id: 'a', message: JSON.stringify([1, 't', {}, Date.now()]) }])
    const seat = await broker.consumer.join(LANE, { id: 'dead', leaseMs: 300 })
    expect((await seat.exchange({ settlements: [], want: 1, empty: true })).reservations.length).toBe(1)
    const one = start('one')
    await until('the job to be reclaimed', () => one.status().done.reclaimed === 1)
    expect((await broker.inspect.job({ lane: LANE, id: 'a' })).state).toBe('ready')
  })

  test('with two leaders forced, the newer epoch wins, and each job is promoted once', async () => {
    const broker = open()
    const jobs = Array.from({ length: 300 }, (_, index) => delayed(`j${index}`, 20 + index))
    await broker.producer.enqueue(LANE, jobs)
    const [one, two] = [start('one', `${app}-1`), start('two', `${app}-2`)]
    await until('all to be ready', async () => (await readyCount(broker)) === 300)
    expect(one.status().done.promoted + two.status().done.promoted).toBe(300)
    expect(logger.lines.filter((line) => line.startsWith('warn dispatch failed'))).toEqual([])
  })
})
