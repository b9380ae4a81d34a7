import {
  BrokerUnavailableError,
  InvalidInputError,
  InvalidOptionError,
  OutcomeUnknownError,
  readMessage,
} from '@millrace/core'
import { beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { recordingBroker } from '../../test/recording-broker.js'
import { testClient } from '../../test/test-client.js'
import { chain } from './chain.js'
import { chord } from './chord.js'
import { group } from './group.js'

let made = setup()
beforeEach(() => {
  made = setup()
})
function setup() {
  const recording = recordingBroker()
  return { ...recording, ...testClient(recording.broker) }
}
const sent = () =>
  made.producer.jobs.map((job) => {
    const message = readMessage(JSON.parse(job.message))
    return { task: message?.task, input: message?.input, compose: message?.extras.compose, attrs: job.attrs }
  })
const id = (position: number) => made.producer.jobs[position]?.id
const lane = { queue: 'default', index: 0 }

describe('a chain', () => {
  it('is enqueued last first, in one call; the handle is of the last', async () => {
    const [a, b, c] = ['a', 'b', 'c'].map((name) => made.define(name)) as [
      ReturnType<typeof made.define>,
      ReturnType<typeof made.define>,
      ReturnType<typeof made.define>,
    ]
    const job = await a.with({ url: 'u' }).pipe(b, { width: 200 }).pipe(c).enqueue()
    expect(made.producer.calls).toHaveLength(1)
    expect(sent()).toEqual([
      { task: 'c', input: null, compose: { from: 'output', merge: false }, attrs: { waitsFor: 1 } },
      {
        task: 'b',
        input: { width: 200 },
        compose: { from: 'output', merge: true },
        attrs: { waitsFor: 1, joins: { lane, id: id(0), index: 0 } },
      },
      { task: 'a', input: { url: 'u' }, compose: undefined, attrs: { joins: { lane, id: id(1), index: 0 } } },
    ])
    expect(job.id).toBe(id(0))
  })

  it('has a function form', async () => {
    const [a, b] = [made.define('a'), made.define('b')]
    await chain(a.with(1), b).enqueue()
    expect(sent().map(({ task }) => task)).toEqual(['b', 'a'])
  })

  it('puts each lane before those that join it', async () => {
    const a = made.define('a', { queue: 'x' })
    const b = made.define('b', { queue: 'y' })
    await a.with(1).pipe(a).pipe(b).enqueue()
    expect(made.producer.calls.map((call) => [call.lane.queue, call.jobs.length])).toEqual([
      ['y', 1],
      ['x', 2],
    ])
  })

  it('validates the first input, and sends nothing of a bad workflow', async () => {
    const a = made.define('a', { input: z.object({ url: z.string() }) })
    const b = made.define('b')
    await expect(a.with({ url: 5 }).pipe(b).enqueue()).rejects.toThrow(InvalidInputError)
    await expect(b.with(1).pipe(b, { at: 1n }).enqueue()).rejects.toMatchObject({ code: 'NOT_SERIALIZABLE' })
    await expect(b.with(1).pipe(b, 5).enqueue()).rejects.toMatchObject({ code: 'MISFIT_LINK' })
    await expect(
      b
        .with(1)
        .pipe(b)
        .enqueue({ dealy: 1 } as never),
    ).rejects.toThrow(InvalidOptionError)
    expect(() => b.with(1).pipe(b.with(1).pipe(b) as never)).toThrow(/Only a task/)
    expect(() => b.with(1).pipe(b.with(1) as never, 2 as never)).toThrow(InvalidOptionError)
    expect(made.producer.calls).toEqual([])
  })

  it('refuses tasks of two apps', async () => {
    const other = testClient(made.broker).define('other')
    await expect(made.define('a').with(1).pipe(other).enqueue()).rejects.toThrow(/one app/)
  })

  it('delays what waits for nothing; headers and priority are of all', async () => {
    const a = made.define('a')
    await a
      .with(1)
      .pipe(a)
      .enqueue({ delay: '5s', priority: 3, headers: { h: 'x' } })
    expect(sent().map(({ attrs }) => attrs)).toMatchObject([
      { priority: 3, waitsFor: 1 },
      { priority: 3, delayMs: 5_000 },
    ])
    expect(sent()[0]?.attrs).not.toHaveProperty('delayMs')
    expect(made.producer.jobs.map((job) => readMessage(JSON.parse(job.message))?.extras.headers)).toEqual([
      { h: 'x' },
      { h: 'x' },
    ])
  })

  it('may be begun twice', async () => {
    const [a, b, c] = [made.define('a'), made.define('b'), made.define('c')]
    const start = a.with(1)
    await start.pipe(b).enqueue()
    await start.pipe(c).enqueue()
    expect(sent().map(({ task }) => task)).toEqual(['b', 'a', 'c', 'a'])
  })
})

describe('a group', () => {
  it('alone gives a handle per member, in order', async () => {
    const [a, b] = [made.define('a'), made.define('b')]
    const handle = await group([a.with(1), b.with(2), a.with(3).pipe(b)]).enqueue()
    expect(handle.jobs.map((job) => job.id)).toEqual([id(0), id(1), id(2)])
    expect(sent().map(({ task }) => task)).toEqual(['a', 'b', 'b', 'a'])
    expect((await group([]).enqueue()).jobs).toEqual([])
  })

  it('piped is a chord: the body waits for all', async () => {
    const [a, merge] = [made.define('a'), made.define('merge')]
    const job = await group([a.with(1), a.with(2)])
      .pipe(merge)
      .enqueue()
    expect(job.id).toBe(id(0))
    expect(sent()).toMatchObject([
      { task: 'merge', compose: { from: 'outputs', merge: false }, attrs: { waitsFor: 2 } },
      { task: 'a', input: 1, attrs: { joins: { id: id(0), index: 0 } } },
      { task: 'a', input: 2, attrs: { joins: { id: id(0), index: 1 } } },
    ])
    await chord([a.with(1)], merge.with({ to: 'x' })).enqueue()
    expect(sent()[3]).toMatchObject({
      input: { to: 'x' },
      compose: { from: 'outputs', merge: true },
      attrs: { waitsFor: 1 },
    })
  })

  it('of nothing: the body runs at once, over nothing', async () => {
    const merge = made.define('merge', { input: z.array(z.number()) })
    const report = made.define('report', { input: z.object({ to: z.string(), results: z.array(z.number()) }) })
    await group([]).pipe(merge).enqueue()
    await group([]).pipe(report, { to: 'x' }).enqueue()
    expect(sent()).toEqual([
      { task: 'merge', input: [], compose: undefined, attrs: undefined },
      { task: 'report', input: { to: 'x', results: [] }, compose: undefined, attrs: undefined },
    ])
  })

  it('of thousands: as few calls as possible, the body in the first', async () => {
    const [a, merge] = [made.define('a'), made.define('merge')]
    await group(Array.from({ length: 2_500 }, (_, i) => a.with(i)))
      .pipe(merge)
      .enqueue()
    expect(made.producer.calls.map((call) => call.jobs.length)).toEqual([1_000, 1_000, 501])
    expect(sent()[0]?.task).toBe('merge')
  })

  it('whose members fail to arrive: unknown, naming them, and no later call', async () => {
    const [a, merge] = [made.define('a'), made.define('merge')]
    const accept = made.producer.answer
    made.producer.answer = (call) =>
      made.producer.calls.length === 1 ? accept(call) : Promise.reject(new BrokerUnavailableError({ what: 'gone' }))
    const members = Array.from({ length: 2_500 }, (_, i) => a.with(i))
    const error = await group(members)
      .pipe(merge)
      .enqueue()
      .catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(OutcomeUnknownError)
    expect(made.producer.calls).toHaveLength(2)
  })

  it('takes no group as a member', () => {
    expect(() => group([group([]) as never])).toThrow(/a group cannot be one/)
  })
})

it('runs every job through the middleware before anything is sent', async () => {
  const a = made.define('a')
  const calls: unknown[] = []
  const ids: string[] = []
  made.enqueueMiddleware.push(async (message, next) => {
    calls.push(message.workflow)
    ids.push(...message.ids)
    message.headers.seen = message.task
    expect(made.producer.calls).toEqual([])
    await next()
    expect(made.producer.calls).toHaveLength(1)
  })
  await group([a.with(1), a.with(2)])
    .pipe(a)
    .enqueue()
  expect(made.producer.jobs.map((job) => readMessage(JSON.parse(job.message))?.extras.headers)).toEqual([
    { seen: 'a' },
    { seen: 'a' },
    { seen: 'a' },
  ])
  expect(new Set(calls).size).toBe(1)
  expect(calls[0]).toEqual({ jobs: 3 })
  expect(new Set(ids)).toEqual(new Set(made.producer.jobs.map(({ id }) => id)))
  made.enqueueMiddleware[0] = async (message, next) => {
    if (message.inputs[0] === 2) throw new Error('refused')
    await next()
  }
  await expect(group([a.with(1), a.with(2)]).enqueue()).rejects.toThrow('refused')
  expect(made.producer.calls).toHaveLength(1)
})
