import { BrokerUnavailableError, BrokerUnfitError, type TaskContext } from '@millrace/core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ManualTime, turns } from '../../test/manual-time.js'
import { until, WorkerScene } from '../../test/worker-scene.js'

let scene: WorkerScene
let time: ManualTime
beforeEach(() => {
  scene = new WorkerScene()
  time = new ManualTime()
})
afterEach(async () => {
  const closed = scene.close()
  await time.advance(60_000)
  await closed
})

const test = () => ({ clock: time, timers: time, random: () => 0 })

function heedful() {
  scene.task(
    'heedful',
    (_input, ctx: TaskContext) =>
      new Promise((_resolve, reject) => ctx.signal.addEventListener('abort', () => reject(ctx.signal.reason))),
  )
}

describe('stop', () => {
  it('lets running handlers finish, settles them, leaves and retires', async () => {
    const { promise, resolve: release } = Promise.withResolvers<void>()
    scene.task('slow', () => promise)
    const worker = await scene.started({ test: test() })
    const id = scene.enqueue('slow')
    await until('it runs', () => worker.status().running === 1)
    const stopped = worker.stop()
    const late = scene.enqueue('slow')
    await turns(10)
    expect(worker.status().state).toBe('draining')
    release()
    await stopped
    expect(scene.verdicts(id)).toEqual(['succeed'])
    expect(scene.verdicts(late)).toEqual([])
    expect(scene.store.left).toHaveLength(1)
    expect(scene.store.retired).toBe(1)
    expect(worker.status().state).toBe('idle')
  })

  it('puts back by a verdict what an exchange under way still brings, before it leaves', async () => {
    scene.task('quick', () => undefined)
    const worker = await scene.started({ test: test() })
    let id = ''
    let stopped: Promise<void> | undefined
    const before = () => {
      stopped = worker.stop()
      id = scene.enqueue('quick')
    }
    scene.store.faults.push({ call: 'exchange', fault: { before } })
    scene.store.wake()
    await until('it was told to stop', () => stopped !== undefined)
    await stopped
    expect(scene.verdicts(id)).toEqual(['release'])
    expect(scene.store.left).toHaveLength(1)
  })

  it('aborts what does not finish within grace and puts it back uncounted', async () => {
    heedful()
    const worker = await scene.started({ test: test() })
    const id = scene.enqueue('heedful')
    await until('it runs', () => worker.status().running === 1)
    const stopped = worker.stop({ grace: '5s' })
    await time.advance(4_900)
    expect(scene.verdicts(id)).toEqual([])
    await time.advance(200)
    await stopped
    expect(scene.verdicts(id)).toEqual(['release'])
    expect(scene.store.ready('default')).toBe(1)
  })

  it('puts back a job whose handler ignores the abort', async () => {
    scene.task('deaf', () => new Promise(() => undefined))
    const worker = await scene.started({ test: test() })
    const id = scene.enqueue('deaf')
    await until('it runs', () => worker.status().running === 1)
    const stopped = worker.stop({ grace: 0 })
    await time.advance(1_100)
    await stopped
    expect(scene.verdicts(id)).toEqual(['release'])
  })

  it('called again ends the grace', async () => {
    heedful()
    const worker = await scene.started({ test: test() })
    const id = scene.enqueue('heedful')
    await until('it runs', () => worker.status().running === 1)
    const first = worker.stop({ grace: '1h' })
    await turns(5)
    const second = worker.stop()
    await Promise.all([first, second])
    expect(scene.verdicts(id)).toEqual(['release'])
  })

  it('ends although the broker is gone', async () => {
    scene.task('quick', () => undefined)
    const worker = await scene.started({ test: test() })
    for (let index = 0; index < 50; index += 1) {
      for (const call of ['exchange', 'leave', 'heartbeat', 'announce'] as const)
        scene.store.faults.push({ call, fault: 'hang' })
    }
    scene.enqueue('quick')
    const stopped = worker.stop()
    await time.advance(60_000)
    await stopped
  })

  it('may come before start, twice, and in the middle of it; the worker starts again', async () => {
    scene.task('quick', () => undefined)
    const worker = scene.worker({ test: test() })
    await worker.stop()
    const starting = worker.start()
    const stopping = worker.stop()
    await Promise.all([starting, stopping, worker.stop()])
    await Promise.all([worker.start(), worker.start()])
    const id = scene.enqueue('quick')
    await until('settled', () => scene.verdicts(id).length === 1)
    await Promise.all([worker.stop(), worker.stop()])
    expect(worker.status().state).toBe('idle')
  })

  it('survives starts and stops in any order, at any moment', async () => {
    scene.task('quick', async () => undefined)
    const worker = scene.worker({ test: test() })
    let seed = 7
    const random = (below: number) => {
      seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31
      return seed % below
    }
    const calls: Promise<void>[] = []
    for (let round = 0; round < 200; round += 1) {
      scene.enqueue('quick')
      calls.push(random(2) === 0 ? worker.start() : worker.stop({ grace: 0 }))
      await turns(random(4))
    }
    const ended = Promise.all(calls)
    await time.advance(5_000)
    await ended
    await worker.start()
    await until('all settled', () => scene.store.ready('default') === 0 && scene.store.held.length === 0)
    expect(scene.store.settled.filter(({ verdict }) => verdict.kind === 'succeed')).toHaveLength(200)
  })

  it('is what leaving an `await using` block does', async () => {
    scene.task('quick', () => undefined)
    const worker = scene.worker({ test: test() })
    await worker.start()
    await worker[Symbol.asyncDispose]()
    expect(scene.store.left).toHaveLength(1)
  })
})

describe('start', () => {
  it('keeps trying while the broker is away, and says so once', async () => {
    scene.task('quick', () => undefined)
    for (let round = 0; round < 5; round += 1) {
      scene.store.faults.push({ call: 'join', fault: { reject: () => new BrokerUnavailableError({ what: 'join' }) } })
    }
    const worker = scene.worker({ test: test() })
    const started = worker.start()
    await time.advance(20_000)
    await started
    expect(scene.kinds().filter((kind) => kind.startsWith('broker-'))).toEqual(['broker-down', 'broker-up'])
    expect(scene.log.filter(({ level }) => level === 'error')).toHaveLength(1)
  })

  it('rejects after startTimeout, and may be tried again', async () => {
    scene.task('quick', () => undefined)
    const worker = scene.worker(
      { startTimeout: '3s', test: test() },
      { broker: () => Promise.reject(new BrokerUnavailableError({ what: 'connect' })) },
    )
    const started = worker.start().catch((error: unknown) => error)
    await time.advance(4_000)
    expect(await started).toBeInstanceOf(BrokerUnavailableError)
    expect(worker.status().state).toBe('idle')
  })

  it('rejects at once for a broker that is unfit', async () => {
    scene.task('quick', () => undefined)
    scene.store.faults.push({
      call: 'join',
      fault: { reject: () => new BrokerUnfitError({ what: 'evicts', fix: 'do not' }) },
    })
    const started = scene
      .worker({ test: test() })
      .start()
      .catch((error: unknown) => error)
    await time.advance(100)
    expect(await started).toBeInstanceOf(BrokerUnfitError)
  })
})

describe('commands', () => {
  it('quiet, resume, resize and stop are obeyed, those for others ignored', async () => {
    scene.task('quick', () => undefined)
    const worker = await scene.started({ test: test() })
    await until('announced', () => scene.store.announced.length > 0)
    scene.store.commands.push({ id: 'c0', kind: 'stop', workers: ['another'] }, { id: 'c1', kind: 'quiet' })
    await time.advance(3_100)
    expect(worker.status().state).toBe('quiet')
    const id = scene.enqueue('quick')
    await turns(20)
    expect(scene.verdicts(id)).toEqual([])
    scene.store.commands.push({ id: 'c2', kind: 'resume' }, { id: 'c3', kind: 'resize', size: 7 })
    await time.advance(3_100)
    await until('settled', () => scene.verdicts(id).length === 1)
    expect(scene.store.announced.at(-1)).toMatchObject({ state: 'running', concurrency: 7 })
    const stopped = worker.stopped()
    scene.store.commands.push({ id: 'c4', kind: 'stop' })
    await time.advance(3_100)
    await stopped
  })
})
