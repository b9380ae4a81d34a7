import type { Lane, TaskTally } from '@millrace/broker'
import { beforeEach, expect, test, vi } from 'vitest'
import { ownStore } from '../../test/own-store.js'
import { LAYOUT, lanePrefix } from '../keyspace.js'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const lane: Lane = { queue: 'series', index: 0 }
const store = ownStore('series')
const key = (suffix: string) => lanePrefix(store.keyspace, lane) + suffix

/** The minute that runs, by Redis's clock. */
let now: number
beforeEach(async () => {
  now = await minuteWithRoom()
})

/** The minute that runs, once it has some seconds left: a case that sees two of them proves nothing. */
const minuteWithRoom = () =>
  vi.waitFor(
    async () => {
      const seconds = Number((await store.raw.time())[0])
      if (seconds % 60 > 55) throw new Error('the minute is nearly over')
      return Math.floor(seconds / 60)
    },
    { timeout: 20_000, interval: 100 },
  )
/** What workers told in a minute that is over. */
const counted = (minute: number, task: string, succeeded: number) =>
  store.raw.hset(key(`stats:${minute}`), { [`s:${task}`]: succeeded, [`b:${task}`]: 10 * succeeded })
const trim = async () => store.broker.dispatch.trim(lane, 1)
const read = (unit: 'minute' | 'hour', from: number, to: number) =>
  store.broker.inspect.series(lane, { unit, from, to })
const tally = (task: string, succeeded: number): TaskTally => ({
  task,
  succeeded,
  retried: 0,
  failed: 0,
  busyMs: 10 * succeeded,
})

test('minutes that are over become lines by minute and by hour, and are counted once', async () => {
  for (const back of [1, 2, 3, 70]) await counted(now - back, 'a', back)
  await trim()
  await store.raw.del(...[1, 2, 3, 70].map((back) => key(`stats:${now - back}`)))
  const { points } = await read('minute', (now - 80) * MINUTE, now * MINUTE)
  const ran = points.filter((point) => point.tasks.length > 0)
  expect(ran.map(({ at, tasks }) => [at / MINUTE, tasks])).toEqual(
    [70, 3, 2, 1].map((back) => [now - back, [tally('a', back)]]),
  )
  const hours = (await read('hour', (now - 180) * MINUTE, now * MINUTE)).points
  expect(hours.flatMap((point) => point.tasks).reduce((sum, { succeeded }) => sum + succeeded, 0)).toBe(76)
  await store.reopen()
  await trim()
  expect((await read('hour', (now - 180) * MINUTE, now * MINUTE)).points).toEqual(hours)
})

test('hours know the minute that still runs', async () => {
  await store.raw.hset(key('meta'), 'layout', LAYOUT)
  const seat = await store.broker.consumer.join(lane, { id: 'w', leaseMs: 60_000 })
  await seat.exchange({ settlements: [], want: 0, empty: true, tally: [tally('b', 5)] })
  const { points } = await read('hour', now * MINUTE - HOUR, now * MINUTE + HOUR)
  expect(points.flatMap((point) => point.tasks)).toEqual([tally('b', 5)])
})

test('what waits is noted for the last minute; minutes that nobody looked at say so', async () => {
  await store.broker.producer.enqueue(lane, [{ id: 'j', message: `[1,"t",{},${Date.now() - 5_000}]` }])
  await store.raw.hset(key('meta'), 'rolled', now - 4)
  await trim()
  const { points, lookedUntil } = await read('minute', (now - 4) * MINUTE, now * MINUTE)
  expect(points.map(({ at, backlog }) => [at / MINUTE, backlog])).toEqual([
    [now - 3, undefined],
    [now - 2, undefined],
    [now - 1, 1],
  ])
  expect(points.at(-1)?.oldestReadyMs).toBeGreaterThanOrEqual(5_000)
  expect(lookedUntil).toBe(now * MINUTE)
})

test('a lane where nothing runs and nothing waits keeps nothing', async () => {
  await trim()
  expect(await store.raw.keys(key('minutes:*'))).toEqual([])
  expect((await read('minute', (now - 10) * MINUTE, now * MINUTE)).points).toEqual([])
})

test('keeps minutes for 48 h and hours for 90 days', async () => {
  await counted(now - 1, 'a', 1)
  await trim()
  const ttl = async (family: string, per: number) => store.raw.ttl(key(`${family}:${Math.floor((now - 1) / per)}`))
  expect(await ttl('minutes', 1440)).toBeGreaterThanOrEqual(48 * 3600)
  expect(await ttl('hours', 1440)).toBeGreaterThanOrEqual(90 * 86_400)
})

test('a lane that nobody looked at for long is caught up with in bounded steps', async () => {
  await store.raw.hset(key('meta'), 'rolled', now - 100_000)
  for (const back of [119, 60, 1]) await counted(now - back, 'a', 1)
  await trim()
  expect(await store.raw.hget(key('meta'), 'rolled')).toBe(String(now - 1))
  const { points } = await read('minute', (now - 130) * MINUTE, now * MINUTE)
  expect(points.flatMap((point) => point.tasks).length).toBe(3)
})

test('a task name that was silent for a day makes room for another', async () => {
  const durations = (task: string) => ({ task, sumMs: 7, counts: [1] })
  await store.broker.consumer.countDurations(Array.from({ length: 200 }, (_, index) => durations(`t${index}`)))
  await store.broker.consumer.countDurations([durations('one-too-many')])
  const silent = Date.now() - 25 * HOUR
  await store.raw.zadd('millrace:{series}:durations:tasks', silent, 't3')
  await store.broker.consumer.countDurations([durations('new'), durations('newer')])
  const told = await store.broker.inspect.durations()
  const names = told.map(({ task }) => task)
  expect(names).toContain('new')
  for (const gone of ['t3', 'newer', 'one-too-many']) expect(names).not.toContain(gone)
  expect(told.find(({ task }) => task === '(other)')).toMatchObject({ sumMs: 14, counts: [2, ...Array(12).fill(0)] })
  expect(await store.raw.hlen('millrace:{series}:durations')).toBe(2 * 201)
})

test('lines that cannot be read read as nothing', async () => {
  await store.raw.hset(key(`minutes:${Math.floor((now - 5) / 1440)}`), now - 5, 'no line')
  await store.raw.hset(key('meta'), 'rolled', now - 1)
  const { points } = await read('minute', (now - 10) * MINUTE, now * MINUTE)
  expect(points).toMatchObject([{ tasks: [], backlog: undefined }])
})
