import { randomUUID } from 'node:crypto'
import type { Broker, Lane, NewJob, ScheduleDefinition, SchedulesPort } from '@millrace/broker'
import { faultyBroker } from '@millrace/broker/faulty'
import { openMemoryBroker } from '@millrace/broker-memory'
import { type Coordinator, memoryCoordinator } from '@millrace/coordination'
import { parseSchedule, type ScheduleOptions, SUCCEEDED, scheduledJobId } from '@millrace/core'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { Dispatcher } from '../src/dispatcher.js'
import { RecordingLogger } from './recording-logger.js'
import { until } from './until.js'

const MAIL: Lane = { queue: 'mail', index: 0 }
const HOUR = 3_600_000

describe('schedules', () => {
  let app: string
  let broker: Broker
  let schedules: SchedulesPort
  let ends: (() => Promise<void>)[] = []
  let logger: RecordingLogger

  beforeEach(() => {
    app = `app-${randomUUID()}`
    ends = []
    logger = new RecordingLogger()
    broker = open()
    schedules = broker.schedules as SchedulesPort
  })
  afterEach(async () => {
    for (const end of ends.toReversed()) await end()
  })

  function open(): Broker {
    const made = openMemoryBroker({ app })
    ends.push(() => made.close())
    return made
  }
  /** `election`: candidates of different elections all believe that they lead. */
  function lead(options: { election?: string; broker?: Broker; coordinator?: Coordinator } = {}): Dispatcher {
    const coordinator = options.coordinator ?? memoryCoordinator({ name: options.election ?? app })
    const made = new Dispatcher({ broker: options.broker ?? open(), coordinator, logger, candidate: randomUUID() })
    ends.push(async () => {
      await made.stop()
      await coordinator.close()
    })
    made.start()
    return made
  }
  function define(name: string, options: ScheduleOptions, call = {}): ScheduleDefinition {
    return { name, spec: parseSchedule(options), call: { task: 't', lane: MAIL, inputJson: '{"x":1}', ...call } }
  }
  async function put(definition: ScheduleDefinition, nextTick: number): Promise<void> {
    const done = await schedules.put([
      { definition, seen: undefined, nextTick, watermark: nextTick - 1, paused: false },
    ])
    expect(done).toEqual([true])
  }
  const stored = async (name: string) => (await schedules.read([name])).schedules[0]
  const counts = (lane = MAIL) => broker.inspect.counts(lane)
  /** Ids of all jobs of the lane, taken out of it. */
  async function drain(lane = MAIL): Promise<string[]> {
    const seat = await broker.consumer.join(lane, { id: 'w', leaseMs: 60_000 })
    const { reservations } = await seat.exchange({ settlements: [], want: 1_000, empty: true })
    const settlements = reservations.map((reservation) => ({ reservation, verdict: SUCCEEDED }))
    await seat.exchange({ settlements, want: 0, empty: true })
    return reservations.map((each) => each.id)
  }

  test('a tick makes a job on time, with its input, its name and its tick', async () => {
    const one = lead()
    await until('a leader', () => one.status().state === 'leading')
    const tick = Date.now() + 60
    await put(define('a', { every: '1h', start: tick }), tick)
    await until('the job', async () => (await counts()).ready === 1)
    // It was told of the new schedule: it looks by itself every 5 s.
    expect(Date.now() - tick).toBeLessThan(4_500)
    const job = await broker.inspect.job({ lane: MAIL, id: scheduledJobId('a', tick) })
    expect(job.wire).toMatchObject([1, 't', { x: 1 }, expect.any(Number), { h: { 'millrace-schedule': 'a' } }])
    expect(JSON.stringify(job.wire)).toContain(new Date(tick).toISOString())
    expect(await stored('a')).toMatchObject({ fired: 1, watermark: tick, nextTick: tick + HOUR, lastTick: tick })
    await until('the delivery to be acknowledged', async () => (await stored('a'))?.backlog === 0)
    expect(one.status().done).toMatchObject({ fired: 1, scheduled: 1 })
  })

  test('a crowd is stored before its tick and ready at it, each once; one that looks at its earlier job waits for the tick', async () => {
    const tick = Date.now() + 1_500
    const names = Array.from({ length: 1_300 }, (_, index) => `c${index}`)
    for (const name of names) await put(define(name, { every: '1h', start: tick }), tick)
    await put(define('alone', { every: '1h', start: tick, overlap: 'skip' }), tick)
    lead()
    // Looked at together: what is stored ahead of its tick is so for a second at most.
    let before: { fired: number | undefined; ready: number } | undefined
    await until('the crowd to be stored', async () => {
      const fired = (await stored('alone'))?.fired
      const { due, ready } = await counts()
      before = { fired, ready }
      return due >= 1_000
    })
    expect(before).toEqual({ fired: 0, ready: 0 })
    await until('all', async () => (await counts()).ready === 1_301)
    const ids = await drain()
    ids.push(...(await drain()))
    expect(new Set(ids)).toEqual(new Set([...names, 'alone'].map((name) => scheduledJobId(name, tick))))
    expect(ids.length).toBe(1_301)
    expect(await stored('c7')).toMatchObject({ fired: 1, watermark: tick, nextTick: tick + HOUR, backlog: 0 })
  })

  test('a crowd makes one job per tick with two leaders forced, one of which stops in the middle', async () => {
    const tick = Date.now() + 1_700
    const names = Array.from({ length: 1_200 }, (_, index) => `c${index}`)
    for (const name of names) await put(define(name, { every: '200ms', start: tick, limit: 3 }), tick)
    const [one] = [lead({ election: `${app}-1` }), lead({ election: `${app}-2` })]
    await until('the crowd to be stored', async () => (await counts()).due >= 500)
    await one.stop()
    await until('all ticks', async () => (await counts()).ready === 3_600)
    const ids: string[] = []
    while ((await counts()).ready > 0) ids.push(...(await drain()))
    const ticks = names.flatMap((name) => [0, 200, 400].map((ms) => scheduledJobId(name, tick + ms)))
    expect(new Set(ids)).toEqual(new Set(ticks))
    expect(ids.length).toBe(3_600)
  })

  test('many that look at their earlier jobs keep no dispatcher busy until their tick', async () => {
    const tick = Date.now() + 1_500
    for (let index = 0; index < 1_100; index++)
      await put(define(`q${index}`, { every: '1h', start: tick, overlap: 'skip' }), tick)
    const one = lead()
    await until('all', async () => (await counts()).ready === 1_100)
    expect(one.status().done.fired).toBe(1_100)
  })

  test('what was missed while nobody led follows the rule of each schedule', async () => {
    const start = Math.floor(Date.now() / HOUR) * HOUR - 5 * HOUR
    // So that the last tick is late by half an hour at least, whatever the time is.
    const from = start - (Date.now() % HOUR < HOUR / 2 ? HOUR / 2 : 0)
    const every = { every: '1h', start: from } as const
    await put(define('none', { ...every, missed: 'skip' }), from)
    await put(define('one', { ...every, missed: 'once' }), from)
    await put(define('three', { ...every, missed: 'all', cap: 3 }), from)
    await put(define('limited', { ...every, missed: 'all', limit: 2 }), from)
    const one = lead()
    await until('all to be done', async () => one.status().done.scheduled === 6)
    const fired = await Promise.all(
      ['none', 'one', 'three', 'limited'].map(async (name) => (await stored(name))?.fired),
    )
    expect(fired).toEqual([0, 1, 3, 2])
    expect((await stored('limited'))?.nextTick).toBeUndefined()
    expect((await stored('none'))?.nextTick).toBeGreaterThan(Date.now())
    const ids = await drain()
    expect(new Set(ids).size).toBe(6)
    const last = (await stored('one'))?.lastTick ?? 0
    const names = ids.filter((id) => id.startsWith('schedule:three:'))
    expect(names).toEqual([2, 1, 0].map((back) => scheduledJobId('three', last - back * HOUR)))
  })

  test('with two leaders forced, each tick makes one job', async () => {
    const start = Date.now() + 50
    for (let index = 0; index < 20; index++)
      await put(define(`s${index}`, { every: 100, start, missed: 'all', limit: 10 }), start)
    const [one, two] = [lead({ election: `${app}-1` }), lead({ election: `${app}-2` })]
    const all = async () => Promise.all(Array.from({ length: 20 }, (_, index) => stored(`s${index}`)))
    await until('all ticks', async () => (await all()).every((each) => each?.fired === 10 && each.backlog === 0))
    expect(one.status().done.fired + two.status().done.fired).toBe(200)
    expect((await counts()).ready).toBe(200)
    const ids = await drain()
    expect(new Set(ids).size).toBe(200)
    expect(logger.lines.filter((line) => line.startsWith('error'))).toEqual([])
  })

  test('overlap: skip makes no job beside one that lives, queue waits for its end', async () => {
    const start = Date.now() - 2
    await put(define('skip', { every: 100, start, missed: 'all', limit: 3, overlap: 'skip' }), start)
    await put(define('queue', { every: 100, start, missed: 'all', limit: 3, overlap: 'queue' }), start)
    lead()
    await until(
      'all ticks to be fired',
      async () => (await stored('queue'))?.fired === 3 && (await stored('skip'))?.fired === 3,
    )
    await until('skips to be counted', async () => (await stored('skip'))?.skipped === 2)
    expect((await counts()).ready).toBe(2)
    expect((await stored('queue'))?.backlog).toBe(2)
    expect((await drain()).sort()).toEqual([scheduledJobId('queue', start), scheduledJobId('skip', start)])
    await until('the second queued one', async () => (await counts()).ready === 1)
    expect(await drain()).toEqual([scheduledJobId('queue', start + 100)])
    await until('the third queued one', async () => (await counts()).ready === 1)
    expect(await drain()).toEqual([scheduledJobId('queue', start + 200)])
    await until('nothing to be left', async () => (await stored('queue'))?.backlog === 0)
  })

  test('jitter delays the job, not the tick', async () => {
    const tick = Date.now() - 5
    await put(define('late', { every: '1h', start: tick, jitter: '30m' }), tick)
    lead()
    await until('the job', async () => (await counts()).due + (await counts()).ready === 1)
    const { dueAt = tick } = await broker.inspect.job({ lane: MAIL, id: scheduledJobId('late', tick) })
    expect(dueAt).toBeGreaterThanOrEqual(tick)
    expect(dueAt).toBeLessThanOrEqual(tick + HOUR / 2)
  })

  test.each(['refuse', 'lose-reply'] as const)(
    'lanes out of reach (%s) cost time, not jobs, and make none twice',
    async (fault) => {
      const faulty = faultyBroker(open())
      faulty.faults.inject('producer.enqueue', fault, 2)
      faulty.faults.inject('schedules.delivered', fault, 1)
      faulty.faults.inject('schedules.fire', fault, 1)
      const tick = Date.now() - 5
      const other: Lane = { queue: 'other', index: 3 }
      await put(define('a', { every: '1h', start: tick }), tick)
      await put(define('b', { every: '1h', start: tick }, { lane: other }), tick)
      lead({ broker: faulty })
      await until('both to be delivered', async () => {
        const found = [await stored('a'), await stored('b')]
        return found.every((each) => each?.fired === 1 && each.backlog === 0)
      })
      expect([(await counts()).ready, (await counts(other)).ready]).toEqual([1, 1])
    },
  )

  test('a schedule put, changed and removed while a term runs', async () => {
    const one = lead()
    await until('a leader', () => one.status().state === 'leading')
    const soon = Date.now() + 300
    await put(define('a', { every: '1h', start: soon + HOUR }), soon + HOUR)
    const found = await stored('a')
    const changed = define('a', { every: '1h', start: soon }, { task: 'u' })
    await schedules.put([
      { definition: changed, seen: found?.revision, nextTick: soon, watermark: soon - 1, paused: false },
    ])
    await put(define('gone', { every: '1h', start: soon }), soon)
    await schedules.remove(['gone'])
    await until('the job', async () => (await counts()).ready === 1)
    expect((await broker.inspect.job({ lane: MAIL, id: scheduledJobId('a', soon) })).wire).toContain('u')
  })

  test('many that share their tick are fired in batches, others go on meanwhile', async () => {
    const tick = Date.now() + 100
    const many = Array.from({ length: 2_500 }, (_, index) => define(`s${index}`, { every: '1h', start: tick }))
    for (let from = 0; from < many.length; from += 500) {
      const puts = many.slice(from, from + 500)
      await schedules.put(
        puts.map((definition) => ({ definition, seen: undefined, nextTick: tick, watermark: tick - 1, paused: false })),
      )
    }
    const delayed: NewJob = { id: 'd', message: '[1,"t",{},1]', attrs: { delayMs: 150 } }
    await broker.producer.enqueue(MAIL, [delayed])
    lead()
    await until('all jobs', async () => (await counts()).ready === 2_501)
  })
})
