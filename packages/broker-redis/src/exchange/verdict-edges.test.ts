import type { Lane, Reservation, Settlement } from '@millrace/broker'
import { describe, expect, it } from 'vitest'
import { broken, done, exchange, failure, job, laneCalls } from '../../test/lane-calls.js'
import { ownStore } from '../../test/own-store.js'
import { lanePrefix } from '../keyspace.js'

const lane: Lane = { queue: 'edge', index: 0 }
const store = ownStore('edges', { instrumented: true, audited: lane })
const { put, sit } = laneCalls(store, lane)

describe('a verdict', () => {
  it('is taken whatever its numbers', async () => {
    await put('a', 'b', 'c', 'd', 'e', job('key', { unique: { key: 'k', until: 'done', forMs: 0 } }))
    const seat = await sit()
    const { reservations } = await exchange(seat, [], 9)
    const [a, b, c, d, e, k] = reservations as [
      Reservation,
      Reservation,
      Reservation,
      Reservation,
      Reservation,
      Reservation,
    ]
    const odd: Settlement[] = [
      { reservation: a, verdict: { kind: 'succeed', outputJson: '1', keepMs: Number.POSITIVE_INFINITY } },
      { reservation: b, verdict: { kind: 'succeed', outputJson: '1', keepMs: Number.NaN } },
      { reservation: c, verdict: { kind: 'retry', failure, delayMs: Number.NaN } },
      { reservation: d, verdict: { kind: 'release', delayMs: Number.POSITIVE_INFINITY } },
      broken(e, 1e300),
      { reservation: k, verdict: { kind: 'succeed', outputJson: '1', keepMs: 0.2 } },
    ]
    const tally = [{ task: 't', succeeded: Number.NaN, retried: 0.5, failed: -1, busyMs: Number.POSITIVE_INFINITY }]
    const reply = await seat.exchange({ settlements: odd, want: 0, empty: false, tally })
    expect(reply.lost).toEqual([])
    expect(await store.broker.inspect.counts(lane)).toMatchObject({
      ready: 1,
      due: 1,
      failed: 1,
      running: 0,
      succeeded: 3,
    })
  })

  it('given twice in one call counts once and settles no other job', async () => {
    await put('a', 'b')
    const seat = await sit()
    const [a, b] = (await exchange(seat, [], 2)).reservations as [Reservation, Reservation]
    const reply = await exchange(seat, [done(a), done(a)], 0)
    expect(reply.lost.length).toBe(1)
    expect((await exchange(seat, [done(b)], 0)).lost).toEqual([])
    expect((await store.broker.inspect.counts(lane)).succeeded).toBe(2)
  })

  it('of failure does not put its job among the succeeded', async () => {
    await put('a', 'b', 'c')
    const seat = await sit()
    const [a, b, c] = (await exchange(seat, [], 3)).reservations as [Reservation, Reservation, Reservation]
    await exchange(seat, [done(a), broken(b), { reservation: c, verdict: { kind: 'release', delayMs: 0 } }], 0)
    expect((await store.broker.inspect.page(lane, 'succeeded', {})).jobs.map(({ ref }) => ref.id)).toEqual(['a'])
  })

  it('of failure is kept with its own record, whatever failed beside it', async () => {
    const records = [
      { ...failure, message: 'one', at: 1 },
      { ...failure, message: 'one', at: 2 },
      { ...failure, message: 'two', at: 3, attempt: 7 },
      { ...failure, message: 'two', data: { attempt: 5, note: ',"attempt":' }, at: 4 },
      { ...failure, message: 'two', data: { attempt: 6 }, at: 5 },
      { ...failure, message: 'two', stack: 'Error: two\n    at there (a.js:1:1)', at: 6 },
      { ...failure, message: 'one', at: 7 },
    ]
    const ids = records.map((_record, at) => `job-${at}`)
    await put('first', ...ids)
    const seat = await sit()
    const [first, ...held] = (await exchange(seat, [], 9)).reservations as [Reservation, ...Reservation[]]
    const failed = records.map((record, at): Settlement => {
      return { reservation: held[at] as Reservation, verdict: { kind: 'fail', keepMs: 0, failure: record } }
    })
    await exchange(seat, [{ reservation: first, verdict: { kind: 'release', delayMs: 60_000 } }, ...failed], 0)
    const outcomes = await store.broker.results.get(ids.map((id) => ({ lane, id })))
    expect(outcomes.map((outcome) => outcome?.state === 'failed' && outcome.failure)).toEqual(records)
  })

  it('names at most 100 tasks a minute', async () => {
    const seat = await sit()
    for (let i = 0; i < 5; i++) {
      const tally = Array.from({ length: 60 }, (_, k) => ({
        task: `t${i}-${k}`,
        succeeded: 1,
        retried: 1,
        failed: 1,
        busyMs: 1,
      }))
      await seat.exchange({ settlements: [], want: 0, empty: false, tally })
    }
    const [bucket] = await store.raw.keys(`${lanePrefix(store.keyspace, lane)}stats:*`)
    const figures = await store.raw.hgetall(bucket as string)
    expect(Object.keys(figures).length).toBeLessThanOrEqual(404)
    expect(
      Object.entries(figures)
        .filter(([name]) => name.startsWith('s:'))
        .reduce((sum, [, n]) => sum + Number(n), 0),
    ).toBe(300)
  })

  it('is the last line of a long history', async () => {
    await put('a')
    const seat = await sit()
    for (let i = 1; i <= 12; i++) {
      const [held] = (await exchange(seat, [], 1)).reservations as [Reservation]
      const record = { ...failure, message: `${i}${'x'.repeat(1_300)}` }
      await exchange(
        seat,
        [
          {
            reservation: held,
            verdict:
              i < 12 ? { kind: 'retry', delayMs: 0, failure: record } : { kind: 'fail', keepMs: 0, failure: record },
          },
        ],
        0,
      )
    }
    const [outcome] = await store.broker.results.get([{ lane, id: 'a' }])
    expect(outcome).toMatchObject({
      state: 'failed',
      attempts: 12,
      failure: { message: expect.stringMatching(/^12x/) },
    })
  })
})
