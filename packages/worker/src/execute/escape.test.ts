import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { until, WorkerScene } from '../../test/worker-scene.js'
import type { Worker } from '../worker.js'

let scene: WorkerScene
/** What vitest would report: in these tests the listeners are ours. */
let others: [string, NodeJS.UncaughtExceptionListener[]][]
beforeEach(() => {
  scene = new WorkerScene()
  others = (['uncaughtException', 'unhandledRejection'] as const).map((name) => {
    const listeners = process.listeners(name as 'uncaughtException')
    process.removeAllListeners(name)
    return [name, listeners]
  })
})
afterEach(async () => {
  await scene.close()
  for (const [name, listeners] of others) {
    process.removeAllListeners(name)
    for (const listener of listeners) process.on(name, listener)
  }
})

/** As the command line does: whatever escapes goes to the worker, which then stops. */
function hear(worker: () => Worker | undefined): { readonly ended: Promise<void> } {
  const { promise, resolve } = Promise.withResolvers<void>()
  const escaped = (error: unknown) => void worker()?.onFatal(error).then(resolve)
  process.once('uncaughtException', escaped).once('unhandledRejection', escaped)
  return { ended: promise }
}

const never = () => new Promise<never>(() => undefined)

it.each<[string, () => void]>([
  [
    'throws in a timer',
    () =>
      void setTimeout(() => {
        throw new Error('escaped')
      }),
  ],
  [
    'throws in a callback',
    () =>
      process.nextTick(() => {
        throw new Error('escaped')
      }),
  ],
  ['leaves a promise to reject', () => void Promise.reject(new Error('escaped'))],
])('a handler that %s fails of it, alone; the worker finishes the others and stops', async (_, leave) => {
  const { promise, resolve } = Promise.withResolvers<void>()
  const signals: AbortSignal[] = []
  scene.task('good', () => promise)
  scene.task(
    'bad',
    (_input, ctx) => {
      signals.push(ctx.signal)
      leave()
      return never()
    },
    { retry: { attempts: 1 } },
  )
  let worker: Worker | undefined
  const heard = hear(() => worker)
  worker = await scene.started()
  const before = scene.enqueue('good')
  const bad = scene.enqueue('bad')
  const after = scene.enqueue('good')
  await until('the error to be heard', () => scene.log.some(({ level }) => level === 'fatal'))
  resolve()
  await heard.ended
  expect(scene.log.find(({ level }) => level === 'fatal')?.fields).toMatchObject({ jobs: [bad] })
  expect([before, bad, after].map((id) => scene.verdicts(id))).toEqual([['succeed'], ['fail'], ['succeed']])
  expect(scene.store.settled.find(({ verdict }) => verdict.kind === 'fail')?.verdict).toMatchObject({
    failure: { message: 'escaped', reason: 'error' },
  })
  expect(signals[0]?.aborted).toBe(true)
  expect(worker.status().state).toBe('idle')
})

it('names all that run when nobody knows whose error it is', async () => {
  scene.task('slow', never)
  const heard = vi.fn<() => void>()
  process.once('uncaughtException', heard)
  const worker = await scene.started({ grace: 0 })
  const ids = [scene.enqueue('slow'), scene.enqueue('slow')]
  await until('both to run', () => worker.status().running === 2)
  await worker.onFatal(new Error('from elsewhere'))
  expect(scene.log.find(({ level }) => level === 'fatal')?.fields).toMatchObject({ jobs: ids })
  expect(ids.map((id) => scene.verdicts(id))).toEqual([['release'], ['release']])
  expect(heard).not.toHaveBeenCalled()
})
