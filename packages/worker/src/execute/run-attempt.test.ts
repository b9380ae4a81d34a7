import { encodeMessage, Fatal, JobTimedOutError, type TaskContext } from '@millrace/core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { ManualTime } from '../../test/manual-time.js'
import { until, WorkerScene } from '../../test/worker-scene.js'
import type { AttemptVerdict, AttemptView } from '../host.js'

let scene: WorkerScene
let time: ManualTime
beforeEach(() => {
  scene = new WorkerScene()
  time = new ManualTime()
})
afterEach(async () => {
  const closed = scene.close()
  await time.advance(20_000)
  await closed
})

const start = (host = {}) => scene.started({ test: { clock: time, timers: time, random: () => 0 } }, host)

async function verdictOf(id: string) {
  await until(`${id} settled`, () => scene.verdicts(id).length > 0)
  const settled = scene.store.settled.find(({ reservation }) => reservation.id === id)
  if (settled === undefined) throw new Error('not settled')
  return settled.verdict
}

describe('an attempt', () => {
  it('fails a job whose bytes are no message, and goes on', async () => {
    scene.task('fine', () => undefined)
    scene.store.add('default', { id: 'bad', wire: { junk: true } })
    scene.store.add('default', { id: 'worse', wire: undefined })
    const fine = scene.enqueue('fine')
    await start()
    expect(await verdictOf('bad')).toMatchObject({ kind: 'fail', failure: { reason: 'malformed', attempt: 1 } })
    expect(await verdictOf('worse')).toMatchObject({ kind: 'fail', failure: { reason: 'malformed' } })
    expect(await verdictOf(fine)).toMatchObject({ kind: 'succeed' })
  })

  it('puts back a job of a task that it does not know, with a delay', async () => {
    scene.task('known', () => undefined)
    const id = scene.enqueue('unknown')
    await start()
    expect(await verdictOf(id)).toEqual({ kind: 'release', delayMs: 5_000 })
  })

  it('records of a thrown error the frames of the handler, not those of the worker', async () => {
    scene.task('throws', () => {
      throw new Error('boom')
    })
    await start()
    const verdict = await verdictOf(scene.enqueue('throws'))
    if (verdict.kind !== 'retry') throw new Error(verdict.kind)
    expect(verdict.failure.stack).toMatch(/^Error: boom\n {4}at .*run-attempt\.test\.ts/)
    expect(verdict.failure.stack).not.toMatch(/millraceHandler|run-attempt\.ts|runner\.ts/)
  })

  it('runs a job that comes by an alias', async () => {
    const seen: string[] = []
    scene.task('new-name', (_input, ctx) => void seen.push(ctx.task), { aliases: ['old-name'] })
    await start()
    await verdictOf(scene.enqueue('old-name'))
    expect(seen).toEqual(['new-name'])
  })

  it('gives the handler what the schema made of the input, and refuses the rest without a retry', async () => {
    const seen: unknown[] = []
    scene.task('parse', (input) => void seen.push(input), { input: z.object({ at: z.string().transform(Number) }) })
    await start()
    expect((await verdictOf(scene.enqueue('parse', { at: '42' }))).kind).toBe('succeed')
    expect(seen).toEqual([{ at: 42 }])
    expect(await verdictOf(scene.enqueue('parse', { at: 1 }))).toMatchObject({
      kind: 'fail',
      failure: { reason: 'invalid-input' },
    })
  })

  it('waits for an asynchronous schema', async () => {
    scene.task('parse', () => undefined, { input: z.string().refine(async (text) => text === 'good') })
    await start()
    expect((await verdictOf(scene.enqueue('parse', 'good'))).kind).toBe('succeed')
    expect(await verdictOf(scene.enqueue('parse', 'bad'))).toMatchObject({
      kind: 'fail',
      failure: { reason: 'invalid-input' },
    })
  })

  it('stores the output as given, and fails one that its schema refuses', async () => {
    scene.task('out', (input) => input, { output: z.object({ n: z.number() }) })
    await start()
    expect(await verdictOf(scene.enqueue('out', { n: 1 }))).toMatchObject({ kind: 'succeed', outputJson: '{"n":1}' })
    expect(await verdictOf(scene.enqueue('out', { n: 'x' }))).toMatchObject({
      kind: 'fail',
      failure: { reason: 'invalid-output', message: expect.stringContaining('n') },
    })
  })

  it('keeps the output of a job that feeds another', async () => {
    scene.task('out', () => 7)
    await start()
    expect(await verdictOf(scene.enqueue('out', null, { feeds: true }))).toEqual({
      kind: 'succeed',
      outputJson: '7',
      keepMs: 0,
    })
    expect(await verdictOf(scene.enqueue('out'))).toEqual({ kind: 'succeed', outputJson: undefined, keepMs: 0 })
  })

  it('builds the input of a composed job from the outputs of the others', async () => {
    const seen: unknown[] = []
    scene.task('merge', (input) => void seen.push(input))
    scene.store.inputs.set('c1', ['{"a":1}', '{"b":2}'])
    const { wire } = wireOf('merge', { label: 'x' }, { compose: { from: 'outputs', merge: true } })
    scene.store.add('default', { id: 'c1', wire, composed: true })
    await start()
    await verdictOf('c1')
    expect(seen).toEqual([{ label: 'x', results: [{ a: 1 }, { b: 2 }] }])
  })

  it.each([
    ['undefined', () => undefined],
    ['null', () => null],
    ['a symbol', () => Symbol('x')],
    ['a null-prototype object', () => Object.create(null)],
    ['a revoked proxy', () => revoked()],
  ])('survives a handler that throws %s', async (_name, made) => {
    scene.task(
      'throw',
      () => {
        throw made()
      },
      { retry: { attempts: 1 } },
    )
    scene.task('fine', () => undefined)
    await start()
    expect((await verdictOf(scene.enqueue('throw'))).kind).toBe('fail')
    expect((await verdictOf(scene.enqueue('fine'))).kind).toBe('succeed')
  })

  it('survives a handler that returns a revoked proxy, and one whose thenable settles twice', async () => {
    scene.task('proxy', () => revoked(), { retry: { attempts: 1 } })
    scene.task('twice', () => ({
      // biome-ignore lint/suspicious/noThenProperty: a hostile thenable is what is tested
      then: (resolve: (value: unknown) => void, reject: (error: unknown) => void) => {
        resolve(undefined)
        reject(new Error('again'))
      },
    }))
    await start()
    expect((await verdictOf(scene.enqueue('proxy'))).kind).toBe('fail')
    expect((await verdictOf(scene.enqueue('twice'))).kind).toBe('succeed')
  })

  it('retries what throws, fails what is fatal, obeys ctx.retry', async () => {
    scene.task('flaky', (_input, ctx) => {
      if (ctx.attempt < 3) throw new Error('no')
    })
    scene.task('fatal', () => {
      throw new Fatal('never')
    })
    scene.task('later', (_input, { retry, attempt }) => (attempt === 1 ? retry({ delay: '5s' }) : undefined))
    await start()
    const flaky = scene.enqueue('flaky')
    await until('three attempts', () => scene.verdicts(flaky).length === 3)
    expect(scene.verdicts(flaky)).toEqual(['retry', 'retry', 'succeed'])
    expect(await verdictOf(scene.enqueue('fatal'))).toMatchObject({ kind: 'fail', failure: { reason: 'fatal' } })
    expect(await verdictOf(scene.enqueue('later'))).toMatchObject({ kind: 'retry', delayMs: 5_000 })
  })

  it('aborts at the timeout and judges what the handler does then as timed out', async () => {
    let reason: unknown
    scene.task(
      'slow',
      (_input, ctx) =>
        untilAborted(ctx).catch((error) => {
          reason = error
        }),
      {
        timeout: 500,
        retry: { attempts: 1 },
      },
    )
    await start()
    const id = scene.enqueue('slow')
    await until('it runs', () => scene.kinds().includes('started'))
    await time.advance(600)
    expect(await verdictOf(id)).toMatchObject({ kind: 'fail', failure: { reason: 'timeout' } })
    expect(reason).toBeInstanceOf(JobTimedOutError)
  })

  it('frees the slot of a handler that ignores its timeout, and discards its late return', async () => {
    const { promise, resolve: release } = Promise.withResolvers<void>()
    scene.task('stuck', () => promise, {
      timeout: 500,
      retry: { attempts: 1 },
    })
    const worker = await start()
    const id = scene.enqueue('stuck')
    await until('it runs', () => worker.status().running === 1)
    await time.advance(600)
    expect(worker.status()).toMatchObject({ running: 1, leaked: 0 })
    await time.advance(1_100)
    expect(await verdictOf(id)).toMatchObject({ kind: 'fail', failure: { reason: 'timeout' } })
    expect(worker.status()).toMatchObject({ running: 0, leaked: 1 })
    release()
    await until('it came back', () => worker.status().leaked === 0)
    expect(scene.verdicts(id)).toEqual(['fail'])
  })

  it('takes the timeout of the call before that of the task', async () => {
    scene.task('slow', (_input, ctx) => untilAborted(ctx), { timeout: '1h', retry: { attempts: 1 } })
    await start()
    const id = scene.enqueue('slow', null, { extras: { timeoutMs: 100 } })
    await until('it runs', () => scene.kinds().includes('started'))
    await time.advance(200)
    expect(await verdictOf(id)).toMatchObject({ kind: 'fail', failure: { reason: 'timeout' } })
  })

  it('aborts a running job for which cancel was asked', async () => {
    scene.task('slow', (_input, ctx) => untilAborted(ctx))
    await start()
    const id = scene.enqueue('slow')
    await until('it runs', () => scene.kinds().includes('started'))
    scene.store.cancelled = [id]
    await time.advance(4_000)
    expect(await verdictOf(id)).toEqual({ kind: 'cancel' })
  })

  it('sends the first progress at once and coalesces the rest; refuses it after the end', async () => {
    let ctx: TaskContext | undefined
    const { promise, resolve: release } = Promise.withResolvers<void>()
    scene.task('work', (_input, given) => {
      ctx = given
      for (let step = 1; step <= 5; step += 1) given.progress(step)
      return promise
    })
    await start()
    const id = scene.enqueue('work')
    await until('first progress', () => scene.store.progress.length === 1)
    await time.advance(100)
    expect(scene.store.progress.map(({ json }) => json)).toEqual(['1', '5'])
    release()
    await verdictOf(id)
    ctx?.progress(6)
    await time.advance(500)
    expect(scene.store.progress).toHaveLength(2)
  })

  it('runs through middleware', async () => {
    const seen: unknown[] = []
    scene.task('add', (input) => (input as number) + 1, { results: { keep: '1h' } })
    await start({
      execute: async (attempt: { task: string; input: unknown }, next: () => Promise<unknown>) => {
        seen.push(attempt.task, attempt.input)
        return ((await next()) as number) * 10
      },
    })
    expect(await verdictOf(scene.enqueue('add', 1))).toMatchObject({ kind: 'succeed', outputJson: '20' })
    expect(seen).toEqual(['add', 1])
  })

  it('tells middleware what became of an attempt, whatever its handler does', async () => {
    const told: Record<string, AttemptVerdict> = {}
    scene.task('good', () => undefined)
    scene.task('bad', () => {
      throw new RangeError('no')
    })
    scene.task('wrong', () => 'text', { output: z.number() })
    scene.task('stuck', () => new Promise(() => undefined), { timeout: 100 })
    scene.task(
      'asleep',
      (_input, ctx) => new Promise((_resolve, reject) => ctx.signal.addEventListener('abort', reject)),
    )
    await start({
      execute: (attempt: AttemptView, next: () => Promise<unknown>) => {
        void attempt.verdict.then((verdict) => {
          told[attempt.task] ??= verdict
        })
        return next()
      },
    })
    for (const task of ['good', 'bad', 'wrong', 'stuck', 'asleep']) scene.enqueue(task)
    await until('three to be told', () => Object.keys(told).length === 3)
    await time.advance(5_000)
    await until('the fourth to be told', () => told.stuck !== undefined)
    expect(told).toMatchObject({
      good: { kind: 'succeed' },
      bad: { kind: 'retry', failure: { message: 'no' }, error: expect.any(RangeError), delayMs: expect.any(Number) },
      wrong: { kind: 'fail', failure: { reason: 'invalid-output' }, error: undefined },
      stuck: { kind: 'retry', failure: { reason: 'timeout' } },
    })
    for (const incarnation of scene.store.incarnations()) scene.store.fence(incarnation)
    await time.advance(10_000)
    await until('the last to be told', () => told.asleep !== undefined)
    expect(told.asleep).toEqual({ kind: 'lost' })
  })

  it('tallies per task', async () => {
    scene.task('a', () => undefined)
    scene.task('b', () => {
      throw new Fatal('no')
    })
    await start()
    for (let index = 0; index < 3; index += 1) scene.enqueue('a')
    await verdictOf(scene.enqueue('b'))
    const tally = scene.store.exchanges.flatMap(({ request }) => request.tally ?? [])
    expect(tally.filter((line) => line.task === 'a').reduce((sum, line) => sum + line.succeeded, 0)).toBe(3)
    expect(tally.find((line) => line.task === 'b')).toMatchObject({ failed: 1 })
  })
})

function untilAborted(ctx: TaskContext): Promise<never> {
  return new Promise((_resolve, reject) => ctx.signal.addEventListener('abort', () => reject(ctx.signal.reason)))
}

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {})
  revoke()
  return proxy
}

function wireOf(task: string, input: unknown, extras: object): { wire: unknown } {
  return { wire: JSON.parse(encodeMessage(task, JSON.stringify(input), Date.now(), extras)) }
}
