import {
  BrokerUnavailableError,
  InvalidInputError,
  InvalidNameError,
  InvalidOptionError,
  NotSerializableError,
  OutcomeUnknownError,
  PayloadTooLargeError,
  readMessage,
  UniqueConflictError,
} from '@millrace/core'
import { beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { recordingBroker } from '../../test/recording-broker.js'
import { testClient } from '../../test/test-client.js'

let made = setup()
beforeEach(() => {
  made = setup()
})
function setup() {
  const recording = recordingBroker()
  return { ...recording, ...testClient(recording.broker) }
}
const Order = { input: z.object({ id: z.string(), items: z.array(z.object({ price: z.number() })) }) }
const good = { id: 'o1', items: [{ price: 1 }] }
const deep = (levels: number): unknown => (levels === 0 ? 1 : [deep(levels - 1)])
const cycle: unknown[] = []
cycle.push({ cycle })

describe('what bad input gets (nothing is sent)', () => {
  it.each<[string, unknown, new (...args: never[]) => Error, RegExp]>([
    ['fails the schema', { id: 'o', items: [{ price: 'x' }] }, InvalidInputError, /items\[0\]\.price/],
    ['is missing', undefined, InvalidInputError, /orders\.place/],
  ])('an input that %s', async (_, input, error, message) => {
    const task = made.define('orders.place', Order)
    await expect(task.enqueue(input)).rejects.toThrow(error)
    await expect(task.enqueue(input)).rejects.toThrow(message)
    expect(made.producer.calls).toEqual([])
  })

  it.each<[string, unknown, string]>([
    ['a BigInt', { a: { b: 1n } }, 'a.b'],
    ['a Map', { a: new Map() }, 'a'],
    ['a function', { a: () => 1 }, 'a'],
    ['a cycle', cycle, '[0].cycle'],
    ['undefined in an array', { a: [1, undefined] }, 'a[1]'],
    ['NaN', { a: Number.NaN }, 'a'],
    ['a Date', { at: new Date() }, 'at'],
  ])('%s', async (_, input, path) => {
    const task = made.define('t')
    const error = await task.enqueue(input).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(NotSerializableError)
    expect((error as NotSerializableError).path).toBe(path)
    expect(made.producer.calls).toEqual([])
  })

  it.each<[string, unknown]>([
    ['larger than 1 MiB', { a: 'x'.repeat(1024 * 1024) }],
    ['deeper than 200', deep(201)],
  ])('an input %s', async (_, input) => {
    await expect(made.define('t').enqueue(input)).rejects.toThrow(PayloadTooLargeError)
    expect(made.producer.calls).toEqual([])
  })

  it.each<[string, object, RegExp]>([
    ['an unknown option', { dealy: '5s' }, /Did you mean "delay"/],
    ['a wrong unit', { delay: '5 minutes' }, /delay/],
    ['both delay and at', { delay: '5s', at: new Date() }, /at most one of delay and at/],
    ['an invalid date', { at: new Date('x') }, /\bat\b/],
    ['a priority out of range', { priority: 101 }, /priority/],
    ['a fractional priority', { priority: 0.5 }, /priority/],
    ['expires of nothing', { expires: 0 }, /expires/],
    ['an empty unique key', { unique: { key: '' } }, /unique\.key/],
    ['a unique key too long', { unique: { key: 'é'.repeat(256) } }, /unique\.key/],
    ['unique without a key', { unique: {} }, /unique\.key/],
    ['an unknown unique option', { unique: { key: 'k', onConflit: 'throw' } }, /Did you mean "onConflict"/],
    ['a wrong until', { unique: { key: 'k', until: 'dead' } }, /unique\.until/],
    ['a wrong onConflict', { unique: { key: 'k', onConflict: 'wait' } }, /unique\.onConflict/],
    ['a header that is no string', { headers: { a: 1 } }, /headers\.a/],
    ['headers that are no object', { headers: ['a'] }, /headers/],
    ['an empty key', { key: '' }, /key/],
    ['options that are no object', [] as object, /enqueue/],
    ['a timeout of nothing', { timeout: '0s' }, /timeout/],
  ])('%s', async (_, options, message) => {
    const attempt = made.define('orders.place', Order).enqueue(good, options as never)
    await expect(attempt).rejects.toThrow(InvalidOptionError)
    await expect(attempt).rejects.toThrow(message)
    expect(made.producer.calls).toEqual([])
  })

  it.each<[string, unknown]>([
    ['empty', ''],
    ['with white space', 'a b'],
    ['too long', 'x'.repeat(201)],
    ['no string', 5],
  ])('an id that is %s', async (_, id) => {
    await expect(made.define('t').enqueue(1, { id } as never)).rejects.toThrow(InvalidNameError)
    expect(() => made.define('u').job(id as string)).toThrow(InvalidNameError)
    expect(made.producer.calls).toEqual([])
  })

  it('headers over 16 KiB', async () => {
    await expect(made.define('t').enqueue(1, { headers: { a: 'x'.repeat(20_000) } })).rejects.toThrow(
      PayloadTooLargeError,
    )
  })

  it('one bad input of many: none is sent, and the index is named', async () => {
    const task = made.define('orders.place', Order)
    const inputs = [good, good, { id: 'o', items: [{ price: 'x' }] }]
    await expect(task.enqueueMany(inputs)).rejects.toThrow(/\[2\]\.items\[0\]\.price/)
    await expect(made.define('t').enqueueMany([1, { a: 1n }])).rejects.toMatchObject({ path: '[1].a' })
    await expect(task.enqueueMany(good as never)).rejects.toThrow(InvalidOptionError)
    await expect(task.enqueueMany([good], { id: 'x' } as never)).rejects.toThrow(InvalidOptionError)
    expect(made.producer.calls).toEqual([])
  })

  it('one bad input of many under an asynchronous schema', async () => {
    const input = z.number().refine(async (n) => n < 150)
    const task = made.define('slow', { input })
    await expect(task.enqueueMany(Array.from({ length: 151 }, (_, i) => i))).rejects.toThrow(/\[150\]/)
    expect(made.producer.calls).toEqual([])
    const jobs = await task.enqueueMany(Array.from({ length: 150 }, (_, i) => i))
    expect(new Set(jobs.map((job) => job.id)).size).toBe(150)
    expect(made.producer.jobs.map((job) => readMessage(JSON.parse(job.message))?.input)).toEqual(
      Array.from({ length: 150 }, (_, i) => i),
    )
  })
})

describe('what is sent', () => {
  it('is the input as given, not as parsed, with no attributes for an ordinary job', async () => {
    const task = made.define('t', { input: z.object({ n: z.string().transform(Number), d: z.string().default('x') }) })
    const job = await task.enqueue({ n: '5', extra: 1 })
    const [sent] = made.producer.jobs
    expect(sent).toEqual({ id: job.id, message: expect.any(String) })
    expect(readMessage(JSON.parse(sent?.message ?? ''))).toMatchObject({
      task: 't',
      input: { n: '5', extra: 1 },
      extras: {},
    })
    expect(made.producer.calls[0]?.lane).toEqual({ queue: 'default', index: 0 })
    expect(job.id).toHaveLength(22)
  })

  it('carries every option where the store or the worker reads it', async () => {
    const task = made.define('t', { queue: 'mail' })
    await task.enqueue(1, {
      id: 'mine',
      delay: '5s',
      expires: '1m',
      priority: -7,
      unique: { key: 'k', for: '1h', until: 'started' },
      headers: { trace: 'abc' },
      timeout: '2s',
    })
    const [sent] = made.producer.jobs
    expect(sent?.id).toBe('mine')
    expect(sent?.attrs).toEqual({
      named: true,
      delayMs: 5_000,
      expiresMs: 60_000,
      priority: -7,
      unique: { key: 't:k', forMs: 3_600_000, until: 'started' },
    })
    expect(readMessage(JSON.parse(sent?.message ?? ''))?.extras).toEqual({
      headers: { trace: 'abc' },
      timeoutMs: 2_000,
    })
  })

  it('carries what the task is otherwise than the store assumes', async () => {
    const at = new Date('2030-01-01')
    await made.define('once', { delivery: 'at-most-once', expires: '1h' }).enqueue(1, { at })
    await made.define('frail', { maxCrashes: 1 }).enqueue(1)
    expect(made.producer.jobs.map((job) => job.attrs)).toEqual([
      { atMostOnce: true, expiresMs: 3_600_000, at: at.getTime() },
      { maxCrashes: 1 },
    ])
  })

  it('stores null where a task without a schema gets nothing', async () => {
    await made.define('t').enqueue()
    expect(readMessage(JSON.parse(made.producer.jobs[0]?.message ?? ''))?.input).toBeNull()
  })

  it('travels in as few calls as possible, in order', async () => {
    const task = made.define('t')
    const jobs = await task.enqueueMany(Array.from({ length: 2_500 }, (_, i) => i))
    expect(made.producer.calls.map((call) => call.jobs.length)).toEqual([1_000, 1_000, 500])
    expect(made.producer.jobs.map((job) => job.id)).toEqual(jobs.map((job) => job.id))
    expect(made.producer.maxInFlight).toBe(1)
    expect(await task.enqueueMany([])).toEqual([])
  })

  it('goes to the lane of its id or key, else from lane to lane', async () => {
    const { producer, define } = { ...made, ...testClient(made.broker, { lanes: () => 4 }) }
    const task = define('t')
    for (let i = 0; i < 4; i++) await task.enqueue(i)
    expect(producer.calls.map((call) => call.lane.index)).toEqual([0, 1, 2, 3])
    await task.enqueue(1, { key: 'a' })
    await task.enqueue(2, { key: 'a' })
    expect(producer.calls[4]?.lane).toEqual(producer.calls[5]?.lane)
  })

  it('passes through the codec', async () => {
    const codec = {
      name: 'hex',
      encode: (json: string) => Buffer.from(json).toString('hex'),
      decode: (text: string) => Buffer.from(text, 'hex').toString(),
    }
    const { define } = testClient(made.broker, { codec })
    await define('t').enqueue({ a: 1 })
    const message = readMessage(JSON.parse(made.producer.jobs[0]?.message ?? ''))
    expect(message).toMatchObject({ input: '7b2261223a317d', extras: { codec: 'hex' } })
  })
})

describe('what the broker answers', () => {
  it('a duplicate id: the handle of the job that has it', async () => {
    made.producer.answer = () => [{ kind: 'duplicate' }]
    expect((await made.define('t').enqueue(1, { id: 'mine' })).id).toBe('mine')
  })

  it('a held unique key: the handle of its holder, or the error', async () => {
    made.producer.answer = () => [{ kind: 'conflict', holder: 'other' }]
    const task = made.define('t')
    expect((await task.enqueue(1, { unique: { key: 'k' } })).id).toBe('other')
    const refused = task.enqueue(1, { unique: { key: 'k', onConflict: 'throw' } })
    await expect(refused).rejects.toThrow(UniqueConflictError)
    await expect(refused).rejects.toMatchObject({ holder: 'other' })
  })

  it('passes on what says that nothing was written', async () => {
    made.producer.answer = () => Promise.reject(new BrokerUnavailableError({ what: 'gone' }))
    await expect(made.define('t').enqueue(1)).rejects.toThrow(BrokerUnavailableError)
    await expect(made.define('u').enqueueMany([1, 2])).rejects.toThrow(BrokerUnavailableError)
  })

  it('an unknown outcome names the id', async () => {
    made.producer.answer = () => Promise.reject(new OutcomeUnknownError({ what: 'enqueue' }))
    await expect(made.define('t').enqueue(1, { id: 'mine' })).rejects.toMatchObject({
      code: 'OUTCOME_UNKNOWN',
      ids: ['mine'],
    })
  })

  it('a part of many that failed: unknown, naming those that are missing', async () => {
    let calls = 0
    const accept = made.producer.answer
    made.producer.answer = (call) =>
      ++calls === 1 ? accept(call) : Promise.reject(new BrokerUnavailableError({ what: 'gone' }))
    const error = await made
      .define('t')
      .enqueueMany(Array.from({ length: 2_500 }, (_, i) => i))
      .catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(OutcomeUnknownError)
    expect((error as OutcomeUnknownError).ids).toHaveLength(1_500)
    expect((error as OutcomeUnknownError).cause).toBeInstanceOf(BrokerUnavailableError)
  })
})

describe('enqueue middleware', () => {
  it('runs outermost first around one call, and adds headers', async () => {
    const seen: string[] = []
    made.enqueueMiddleware.push(
      async (message, next) => {
        seen.push(`a ${message.task} ${message.inputs.length}`)
        message.headers.a = '1'
        await next()
        seen.push(`a after ${made.producer.calls.length}`)
      },
      async (message, next) => {
        seen.push('b')
        message.inputs = message.inputs.map((input) => Number(input) * 10)
        await next()
      },
    )
    await made.define('t').enqueueMany([1, 2], { headers: { own: 'x' } })
    expect(seen).toEqual(['a t 2', 'b', 'a after 1'])
    expect(made.producer.jobs.map((job) => readMessage(JSON.parse(job.message)))).toMatchObject([
      { input: 10, extras: { headers: { own: 'x', a: '1' } } },
      { input: 20, extras: { headers: { own: 'x', a: '1' } } },
    ])
  })

  it('is told the ids of what was enqueued', async () => {
    const seen: (readonly string[])[] = []
    made.enqueueMiddleware.push(async (message, next) => {
      expect(message.ids).toEqual([])
      await next()
      seen.push(message.ids)
    })
    const task = made.define('t')
    const job = await task.enqueue(1)
    const jobs = await task.enqueueMany([1, 2])
    expect(seen).toEqual([[job.id], jobs.map(({ id }) => id)])
  })

  it('may refuse, and must call next once', async () => {
    made.enqueueMiddleware.push(async () => {})
    await expect(made.define('t').enqueue(1)).rejects.toThrow(/did not call next/)
    made.enqueueMiddleware[0] = async (_, next) => {
      await next()
      await next()
    }
    await expect(made.define('u').enqueue(1)).rejects.toThrow(/twice/)
    made.enqueueMiddleware[0] = async (message, next) => {
      message.inputs = []
      await next()
    }
    await expect(made.define('v').enqueue(1)).rejects.toThrow(/as many inputs/)
  })
})
