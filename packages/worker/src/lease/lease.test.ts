import { BrokerUnavailableError, LeaseLostError, type TaskContext } from '@millrace/core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ManualTime, turns } from '../../test/manual-time.js'
import { until, WorkerScene } from '../../test/worker-scene.js'

let scene: WorkerScene
let time: ManualTime
let contexts: TaskContext[]
let releases: (() => void)[]

beforeEach(() => {
  scene = new WorkerScene()
  time = new ManualTime()
  contexts = []
  releases = []
  scene.task('slow', (_input, ctx) => {
    contexts.push(ctx)
    // Touched, so that it is there to be aborted.
    ctx.signal.throwIfAborted()
    return new Promise<void>((resolve) => releases.push(resolve))
  })
  scene.task('quick', () => undefined)
})
afterEach(async () => {
  const closed = scene.close()
  await time.advance(30_000)
  await closed
})

const start = () => scene.started({ test: { clock: time, timers: time, random: () => 0 } })

async function oneRuns(): Promise<string> {
  const id = scene.enqueue('slow')
  await until('it runs', () => contexts.length > 0)
  return id
}

describe('a lease', () => {
  it('is renewed by heartbeats, whether jobs are held or not', async () => {
    await start()
    await time.advance(20_000)
    const idle = scene.store.heartbeats
    expect(idle).toBeGreaterThanOrEqual(3)
    await oneRuns()
    await time.advance(20_000)
    expect(scene.store.heartbeats - idle).toBeGreaterThanOrEqual(5)
    expect(contexts[0]?.signal.aborted).toBe(false)
  })

  it('that the broker fenced aborts what runs, discards its verdict and is replaced', async () => {
    const worker = await start()
    const id = await oneRuns()
    const [incarnation] = scene.store.incarnations()
    scene.store.fence(incarnation as string)
    await time.advance(4_000)
    expect(contexts[0]?.signal.reason).toBeInstanceOf(LeaseLostError)
    await until('a new incarnation', () => worker.status().seats[0]?.incarnation !== incarnation)
    releases[0]?.()
    await until('it runs again', () => contexts.length === 2)
    expect(contexts[1]).toMatchObject({ jobId: id, crashes: 1 })
    expect(scene.store.settled).toEqual([])
    expect(scene.kinds()).toContain('lost')
    releases[1]?.()
    await until('settled once', () => scene.verdicts(id).length === 1)
    await turns(20)
    expect(scene.verdicts(id)).toEqual(['succeed'])
  })

  it('that could not be renewed in time is given up by the worker itself', async () => {
    const worker = await start()
    await oneRuns()
    const { incarnation } = worker.status().seats[0] as { incarnation: string }
    for (let index = 0; index < 20; index += 1) {
      scene.store.faults.push({
        call: 'heartbeat',
        fault: { reject: () => new BrokerUnavailableError({ what: 'heartbeat' }) },
      })
    }
    await time.advance(9_000)
    expect(contexts[0]?.signal.aborted).toBe(false)
    await time.advance(2_000)
    expect(contexts[0]?.signal.reason).toBeInstanceOf(LeaseLostError)
    expect(worker.status().seats[0]?.incarnation).not.toBe(incarnation)
    // The store never fenced it: the job goes back uncounted instead of being charged with a crash.
    await until('left', () => scene.store.left.includes(incarnation))
    await until('it runs again', () => contexts.length === 2)
    expect(contexts[1]?.crashes).toBe(0)
  })

  it('given up still settles what was finished before', async () => {
    const worker = await start()
    const slow = await oneRuns()
    const { incarnation } = worker.status().seats[0] as { incarnation: string }
    // From here on nothing gets through, for longer than the lease.
    for (let index = 0; index < 8; index += 1) {
      scene.store.faults.push({
        call: 'exchange',
        fault: { reject: () => new BrokerUnavailableError({ what: 'exchange' }) },
      })
      scene.store.faults.push({
        call: 'heartbeat',
        fault: { reject: () => new BrokerUnavailableError({ what: 'heartbeat' }) },
      })
    }
    releases[0]?.()
    await time.advance(40_000)
    await until('settled', () => scene.verdicts(slow).length > 0)
    expect(scene.verdicts(slow)).toEqual(['succeed'])
    expect(worker.status().seats[0]?.incarnation === incarnation || scene.store.left.includes(incarnation)).toBe(true)
  })

  it('outlives an exchange that never answers', async () => {
    const worker = await start()
    await until('idle', () => scene.store.exchanges.length > 0)
    const { incarnation } = worker.status().seats[0] as { incarnation: string }
    scene.store.faults.push({ call: 'exchange', fault: 'hang' })
    const id = scene.enqueue('quick')
    await time.advance(13_000)
    await until('settled', () => scene.verdicts(id).length === 1)
    expect(worker.status().seats[0]?.incarnation).not.toBe(incarnation)
  })

  it('is reconciled when the broker holds something else, twice in a row', async () => {
    await start()
    const id = await oneRuns()
    scene.store.forget(id)
    await time.advance(4_000)
    expect(scene.store.reconciled).toEqual([])
    await time.advance(4_000)
    expect(scene.store.reconciled).toHaveLength(1)
    releases[0]?.()
    await until('refused', () => scene.kinds().includes('lost'))
  })

  it('of a lane that lost its seat does not touch the other lanes', async () => {
    const worker = await scene.started({
      queues: ['default', 'other'],
      test: { clock: time, timers: time, random: () => 0 },
    })
    await oneRuns()
    scene.enqueue('slow', null, { queue: 'other' })
    await until('both run', () => contexts.length === 2)
    const incarnation = worker.status().seats[0]?.incarnation as string
    scene.store.fence(incarnation)
    await time.advance(4_000)
    expect(contexts.slice(0, 2).map((ctx) => ctx.signal.aborted)).toEqual([true, false])
  })
})
