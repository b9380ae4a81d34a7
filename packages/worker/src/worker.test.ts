import { BrokerUnavailableError, OutcomeUnknownError } from '@millrace/core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { until, WorkerScene } from '../test/worker-scene.js'

let scene: WorkerScene
beforeEach(() => {
  scene = new WorkerScene()
})
afterEach(() => scene.close())

describe('a worker', () => {
  it('runs and settles a thousand synchronous jobs', async () => {
    let runs = 0
    scene.task('count', () => {
      runs += 1
    })
    for (let index = 0; index < 1_000; index += 1) scene.enqueue('count')
    await scene.started()
    await until('all settled', () => scene.store.succeeded === 1_000)
    expect(runs).toBe(1_000)
    expect(scene.store.held).toEqual([])
    expect(scene.store.settled.every(({ verdict }) => verdict.kind === 'succeed')).toBe(true)
  })

  it('keeps two exchanges in flight per lane while there is more than it can run', async () => {
    scene.task('count', async () => undefined)
    for (let index = 0; index < 5_000; index += 1) scene.enqueue('count')
    await scene.started({ concurrency: 10 })
    await until('all settled', () => scene.store.succeeded === 5_000)
    expect(scene.store.mostInFlight).toBe(2)
  })

  it('never runs more than its concurrency', async () => {
    let running = 0
    let most = 0
    scene.task('slow', async () => {
      running += 1
      most = Math.max(most, running)
      await new Promise((resolve) => setImmediate(resolve))
      running -= 1
    })
    for (let index = 0; index < 300; index += 1) scene.enqueue('slow')
    await scene.started({ concurrency: 7 })
    await until('all settled', () => scene.store.succeeded === 300)
    expect(most).toBe(7)
  })

  it('takes a job that arrives while it waits', async () => {
    scene.task('count', () => undefined)
    await scene.started()
    await until('an exchange found nothing', () => scene.store.exchanges.length > 0)
    const id = scene.enqueue('count')
    await until('settled', () => scene.verdicts(id).length === 1)
  })

  it('holds no read-ahead while handlers are slow', async () => {
    const open: (() => void)[] = []
    scene.task('slow', () => new Promise<void>((resolve) => open.push(resolve)))
    for (let index = 0; index < 50; index += 1) scene.enqueue('slow')
    const worker = await scene.started({ concurrency: 4 })
    await until('four run', () => worker.status().running === 4)
    expect(worker.status().waiting).toBe(0)
    expect(scene.store.held).toHaveLength(4)
    for (const release of open) release()
    await until('four more run', () => open.length >= 8)
    for (let index = 0; index < 100 && scene.store.settled.length < 50; index += 1) {
      for (const release of open) release()
      await new Promise((resolve) => setImmediate(resolve))
    }
  })

  it('retries a verdict whose exchange failed, and never drops it', async () => {
    scene.task('count', () => undefined)
    await scene.started()
    const id = scene.enqueue('count')
    await until('running or done', () => scene.store.held.length + scene.store.settled.length > 0)
    for (let round = 0; round < 3; round += 1) {
      scene.store.faults.push({
        call: 'exchange',
        fault: { reject: () => new BrokerUnavailableError({ what: 'exchange' }) },
      })
    }
    const second = scene.enqueue('count')
    await until('both settled', () => scene.verdicts(id).length === 1 && scene.verdicts(second).length === 1)
    expect(scene.kinds().filter((kind) => kind === 'broker-down').length).toBeLessThanOrEqual(1)
  })

  it('gets back what a lost reply had handed out', async () => {
    scene.task('count', () => undefined)
    scene.store.faults.push({
      call: 'exchange',
      fault: { loseReply: () => new OutcomeUnknownError({ what: 'exchange' }) },
    })
    const ids = Array.from({ length: 5 }, () => scene.enqueue('count'))
    await scene.started()
    await until('all settled', () => ids.every((id) => scene.verdicts(id).includes('succeed')))
    expect(scene.store.reconciled).toHaveLength(1)
  })
})

describe('read-ahead', () => {
  it('puts back what waits behind handlers that became slow', async () => {
    let slow = false
    const opened: (() => void)[] = []
    scene.task('mixed', () => (slow ? new Promise<void>((resolve) => opened.push(resolve)) : undefined))
    for (let index = 0; index < 2_000; index += 1) scene.enqueue('mixed')
    const worker = await scene.started({ concurrency: 5 })
    await until('the fast ones ran', () => scene.store.settled.length >= 2_000)
    slow = true
    for (let index = 0; index < 300; index += 1) scene.enqueue('mixed')
    await until('five run', () => worker.status().running === 5)
    await until('only those are held', () => scene.store.held.length === 5)
    expect(worker.status().waiting).toBe(0)
    slow = false
    for (const open of opened) open()
    const succeeded = () => scene.store.settled.filter(({ verdict }) => verdict.kind === 'succeed').length
    await until('all succeeded', () => succeeded() === 2_300)
  })
})

it('names the running jobs when an error escapes from a handler, and stops', async () => {
  const { promise, resolve } = Promise.withResolvers<void>()
  scene.task('slow', () => promise)
  const worker = await scene.started()
  const id = scene.enqueue('slow')
  await until('it runs', () => worker.status().running === 1)
  const stopped = worker.onFatal(new Error('escaped'))
  resolve()
  await stopped
  expect(scene.log.find(({ level }) => level === 'fatal')?.fields).toMatchObject({ jobs: [id] })
  expect(scene.verdicts(id)).toEqual(['succeed'])
})

it('stops on SIGTERM where it was asked to', async () => {
  scene.task('quick', () => undefined)
  const before = process.listenerCount('SIGTERM')
  const worker = await scene.started({ signals: true })
  const stopped = worker.stopped()
  process.emit('SIGTERM')
  await stopped
  await until('the handler is gone', () => process.listenerCount('SIGTERM') === before)
})
