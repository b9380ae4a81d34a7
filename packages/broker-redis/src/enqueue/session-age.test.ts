import type { Lane } from '@millrace/broker'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { advanceClock } from '../../test/instrumented-scripts.js'
import { job, laneCalls } from '../../test/lane-calls.js'
import { ownStore } from '../../test/own-store.js'
import { atDoor } from '../../test/scene-stage.js'
import { LAYOUT, lanePrefix } from '../keyspace.js'
import { enqueueScript, helloScript } from '../scripts.generated.js'

const MINUTE = 60_000
const lane: Lane = { queue: 'age', index: 0 }
const store = ownStore('age', { instrumented: true, audited: lane })
const { key, put, sit } = laneCalls(store, lane)

const oldest = async () => Number((await store.raw.zrange(key('sessionsByAge'), '0', '0', 'WITHSCORES'))[1])
/** Makes the session's age such that a refresh of it shows. */
async function forgetAge(): Promise<void> {
  const [session = ''] = await store.raw.zrange(key('sessionsByAge'), '0', '-1')
  await store.raw.zadd(key('sessionsByAge'), '1', session)
}

describe('the age of a session', () => {
  const passed = { monotonic: 0, wall: 0 }
  beforeEach(() => {
    const [monotonic, wall] = [performance.now.bind(performance), Date.now.bind(Date)]
    vi.spyOn(performance, 'now').mockImplementation(() => monotonic() + passed.monotonic)
    vi.spyOn(Date, 'now').mockImplementation(() => wall() + passed.wall)
  })
  afterEach(() => {
    vi.restoreAllMocks()
  })

  const clocks = [
    ['the monotonic clock', () => (passed.monotonic += 61_000)],
    ['the time of day', () => (passed.wall += 61_000)],
    ['a time of day that was set back', () => (passed.wall -= 3_600_000)],
  ] as const
  let jobs = 0
  const id = () => `j${++jobs}`
  const ways = [
    ['a lone job', () => put(id())],
    ['a lone job behind others', () => put(id())],
    ['a batch', () => put(id(), id())],
    ['a job with a name', () => put(job(id(), { named: true }))],
    ['a job that is due later', () => put(job(id(), { delayMs: 9_000 }))],
  ] as const

  it.each(clocks)('is noted once a minute has passed by %s, with whatever is enqueued', async (_, pass) => {
    await put('first')
    for (const [what, call] of ways) {
      await forgetAge()
      await call()
      expect([what, await oldest()]).toEqual([what, 1])
      pass()
      await call()
      expect([what, (await oldest()) > 1]).toEqual([what, true])
      await forgetAge()
      await call()
      expect([what, await oldest()]).toEqual([what, 1])
    }
  })

  it('is noted where the job is handed over, even of a session that takes the lane for busy, or finds nobody at the door', async () => {
    await put('a')
    await put('b')
    const seat = await sit()
    await seat.exchange({ settlements: [], want: 2, empty: false })
    await atDoor(seat)
    await forgetAge()
    passed.monotonic += 61_000
    await put('handed')
    expect(await oldest()).toBeGreaterThan(1)
    expect((await seat.heartbeat()).tokens).toBe(2)
    await forgetAge()
    passed.monotonic += 61_000
    await put('alone')
    expect(await oldest()).toBeGreaterThan(1)
    expect(await store.raw.lrange(key('ready'), 0, -1)).toEqual(['alone'])
  })
})

describe('a session', () => {
  const prefix = lanePrefix(store.keyspace, lane)
  const call = (number: string, id: string) =>
    store.raw.eval(enqueueScript.source, 1, prefix, LAYOUT, 'S', number, '', '1', id, '[1,"t",{},1]')
  const trim = () => store.broker.dispatch.trim(lane, 1)
  beforeEach(() => store.raw.eval(helloScript.source, 1, prefix, LAYOUT, 'S'))

  it('lives an hour from when its age was noted last', async () => {
    await advanceClock(store.raw, 59 * MINUTE)
    await call('1+', 'a')
    await advanceClock(store.raw, 59 * MINUTE)
    await trim()
    await call('2', 'b')
    await advanceClock(store.raw, 2 * MINUTE)
    await trim()
    await expect(call('3', 'c')).rejects.toThrow('MILLRACE NOSESSION')
    expect(await store.raw.hkeys(key('meta'))).not.toContain('s:S')
  })

  it('answers a repeat whether or not it asks for its age to be noted', async () => {
    expect(await call('1+', 'a')).toBe('')
    expect(await call('1+', 'a')).toBe('')
    expect(await call('1', 'a')).toBe('')
    expect(await call('2', 'b')).toBe('')
    expect(await call('2+', 'b')).toBe('')
    await expect(call('4+', 'd')).rejects.toThrow('MILLRACE ORDER 2')
    expect(await store.raw.lrange(key('ready'), 0, -1)).toEqual(['a', 'b'])
  })
})
