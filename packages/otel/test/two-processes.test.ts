import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { type RedisServer, startRedisServer } from '@millrace/embedded'
import { SpanKind, SpanStatusCode, trace } from '@opentelemetry/api'
import { group } from 'millrace'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { redisTasks } from './trace-tasks.js'
import { endedSpans, registerSdk, removeSdk, type TestSpan } from './traced-process.js'

let redis: RedisServer
let worker: ChildProcess
let tasks: ReturnType<typeof redisTasks>

beforeAll(async () => {
  redis = await startRedisServer()
  registerSdk()
  tasks = redisTasks(redis.url)
  worker = fork(join(import.meta.dirname, 'trace-worker.ts'), {
    execArgv: ['--import', 'tsx'],
    env: { ...process.env, MILLRACE_BROKER: redis.url },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  await once(worker, 'message')
}, 60_000)
afterAll(async () => {
  removeSdk()
  await tasks.app.close()
  if (worker.exitCode === null) {
    const ended = once(worker, 'exit')
    worker.disconnect()
    await ended
  }
  await redis.close()
})

async function workerSpans(): Promise<TestSpan[]> {
  const told = once(worker, 'message')
  worker.send('spans')
  return ((await told) as [TestSpan[]])[0]
}

/** The spans of one trace in both processes, once there are so many. */
const traceOf = (traceId: string, spans: number) =>
  vi.waitFor(
    async () => {
      const all = [...endedSpans(), ...(await workerSpans())].filter((span) => span.traceId === traceId)
      if (all.length !== spans) throw new Error(`${spans} spans are not there: ${all.map(({ name }) => name).join()}`)
      return all
    },
    { timeout: 20_000, interval: 20 },
  )

const inSpan = async <T>(work: () => Promise<T>) =>
  trace.getTracer('test').startActiveSpan('request', async (span) => {
    const value = await work()
    span.end()
    return { value, traceId: span.spanContext().traceId, spanId: span.spanContext().spanId }
  })

it('one trace holds the call, the attempt in another process, and what its handler enqueues', async () => {
  const { value: job, traceId, spanId } = await inSpan(() => tasks.parent.enqueue(undefined))
  expect(await job.result({ timeout: '30s' })).toBe(2)
  const spans = await traceOf(traceId, 5)
  const named = (name: string) => spans.find((span) => span.name === name) as TestSpan
  expect(named('enqueue parent').parentId).toBe(spanId)
  expect(named('attempt parent').parentId).toBe(named('enqueue parent').spanId)
  expect(named('enqueue child').parentId).toBe(named('attempt parent').spanId)
  expect(named('attempt child').parentId).toBe(named('enqueue child').spanId)
  expect(named('enqueue parent')).toMatchObject({
    kind: SpanKind.PRODUCER,
    attributes: {
      'messaging.system': 'millrace',
      'messaging.operation.name': 'enqueue',
      'messaging.operation.type': 'send',
      'messaging.destination.name': 'default',
      'messaging.message.id': job.id,
      'millrace.task': 'parent',
    },
  })
  expect(named('attempt parent')).toMatchObject({
    kind: SpanKind.CONSUMER,
    status: { code: SpanStatusCode.UNSET },
    attributes: {
      'messaging.operation.name': 'attempt',
      'messaging.operation.type': 'process',
      'messaging.destination.name': 'default',
      'messaging.message.id': job.id,
      'millrace.task': 'parent',
      'millrace.attempt': 1,
      'millrace.outcome': 'succeeded',
    },
  })
})

it('each attempt of a job is a span of the same trace, with its error', async () => {
  const { value: job, traceId } = await inSpan(() => tasks.flaky.enqueue(undefined))
  expect(await job.result({ timeout: '30s' })).toBe(3)
  const attempts = (await traceOf(traceId, 5)).filter(({ name }) => name === 'attempt flaky')
  expect(attempts.map(({ attributes }) => [attributes['millrace.attempt'], attributes['millrace.outcome']])).toEqual([
    [1, 'retried'],
    [2, 'retried'],
    [3, 'succeeded'],
  ])
  expect(attempts.map(({ events }) => events)).toEqual([
    ['exception: attempt 1 is too few'],
    ['exception: attempt 2 is too few'],
    [],
  ])
  expect(attempts[0]?.attributes['error.type']).toBe('RangeError')
  expect(attempts[0]?.status).toEqual({ code: SpanStatusCode.ERROR, message: 'attempt 1 is too few' })
  expect(new Set(attempts.map(({ parentId }) => parentId)).size).toBe(1)
})

it('a workflow is one trace, without a span around it too', async () => {
  const members = Array.from({ length: 3 }, () => tasks.child.with(undefined))
  const jobs = await group(members).enqueue()
  await jobs.results({ timeout: '30s' })
  const root = endedSpans().find(({ name }) => name === 'enqueue workflow') as TestSpan
  const spans = await traceOf(root.traceId, 7)
  expect(root).toMatchObject({ parentId: undefined, attributes: { 'messaging.batch.message_count': 3 } })
  const enqueued = spans.filter(({ name }) => name === 'enqueue child')
  expect(new Set(enqueued.map(({ parentId }) => parentId))).toEqual(new Set([root.spanId]))
  expect(new Set(enqueued.map(({ attributes }) => attributes['messaging.message.id'])).size).toBe(3)
})

it('a bulk call is one span that all of its jobs are children of', async () => {
  const { value: jobs, traceId } = await inSpan(() => tasks.child.enqueueMany([undefined, undefined, undefined]))
  await Promise.all(jobs.map((job) => job.result({ timeout: '30s' })))
  const spans = await traceOf(traceId, 5)
  const bulk = spans.find(({ name }) => name === 'enqueue child') as TestSpan
  expect(bulk.attributes).toMatchObject({ 'messaging.batch.message_count': 3 })
  expect(bulk.attributes).not.toHaveProperty('messaging.message.id')
  const attempts = spans.filter(({ name }) => name === 'attempt child')
  expect(new Set(attempts.map(({ parentId }) => parentId))).toEqual(new Set([bulk.spanId]))
})
