import { LeaseLostError, type TaskContext } from '@millrace/core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { until, WorkerScene } from '../../test/worker-scene.js'

const BEATS = 0
const BEHAVIOUR = 1
const OPENED = 2
const CLOSED = 3
/** Longer than a busy machine keeps a thread from running. */
const LEASE_MS = 1_500

let scene: WorkerScene
let view: Int32Array
beforeEach(() => {
  scene = new WorkerScene()
  const memory = new SharedArrayBuffer(16)
  view = new Int32Array(memory)
  scene.store.heartbeatModule = { url: new URL('../../test/heartbeats.mjs', import.meta.url).href, options: { memory } }
  scene.store.leaseMs = LEASE_MS
})
afterEach(() => scene.close())

/** Blocks this thread until the other one has beaten so often, as a handler that computes would. */
function blockForBeats(count: number): void {
  const deadline = performance.now() + 20_000
  for (let seen = Atomics.load(view, BEATS); seen < count; seen = Atomics.load(view, BEATS)) {
    if (performance.now() > deadline) throw new Error(`no ${count} beats, only ${seen}`)
    Atomics.wait(view, BEATS, seen, 100)
  }
}

describe('the lease keeper thread', () => {
  it('keeps the lease of a main thread that is blocked for longer than it', async () => {
    let blockedMs = 0
    let aborted: boolean | undefined
    scene.task('compute', async (_input, ctx: TaskContext) => {
      const from = performance.now()
      // The first beat comes after a heartbeat, the others a heartbeat apart: well past the lease.
      blockForBeats(20)
      blockedMs = performance.now() - from
      for (let turn = 0; turn < 50; turn += 1) await new Promise((resolve) => setImmediate(resolve))
      aborted = ctx.signal.aborted
    })
    await scene.started({ lease: LEASE_MS, heartbeat: 100 })
    const id = scene.enqueue('compute')
    await until('settled', () => scene.verdicts(id).length === 1)
    expect(blockedMs).toBeGreaterThan(LEASE_MS)
    expect(aborted).toBe(false)
    expect(scene.verdicts(id)).toEqual(['succeed'])
    expect(scene.kinds()).not.toContain('lease-lost')
  })

  it('tells the main thread that its seat is fenced', async () => {
    let ctx: TaskContext | undefined
    Atomics.store(view, BEHAVIOUR, 1)
    scene.task('wait', (_input, given: TaskContext) => {
      ctx ??= given
      return new Promise((_resolve, reject) =>
        given.signal.addEventListener('abort', () => reject(given.signal.reason)),
      )
    })
    await scene.started({ lease: '10s', heartbeat: 50 })
    scene.enqueue('wait')
    await until('aborted', () => ctx?.signal.aborted === true)
    expect(ctx?.signal.reason).toBeInstanceOf(LeaseLostError)
  })

  it('lets the leases of a main thread go that is blocked for longer than maxBlock', async () => {
    let quietFor = 0
    scene.task('stuck', () => {
      blockForBeats(2)
      // No beat for many heartbeats: it has stopped, though this thread is still blocked.
      const deadline = performance.now() + 20_000
      while (Atomics.wait(view, BEATS, Atomics.load(view, BEATS), 1_000) === 'ok')
        if (performance.now() > deadline) throw new Error('it beats for ever')
      quietFor = 1_000
    })
    await scene.started({ lease: LEASE_MS, heartbeat: 100, maxBlock: LEASE_MS })
    const id = scene.enqueue('stuck')
    await until('the handler to come back', () => quietFor > 0)
    await until('the log to say so', () => scene.log.some(({ text }) => text.includes('longer than maxBlock')))
    await until('its verdict to be offered', () => scene.verdicts(id).length > 0 || scene.kinds().includes('lost'))
  })

  it('loads and connects nothing while no heartbeat is near', async () => {
    scene.task('t', () => undefined)
    const worker = await scene.started({ lease: '4m' })
    const id = scene.enqueue('t')
    await until('settled', () => scene.verdicts(id).length === 1)
    await worker.stop()
    expect(Atomics.load(view, OPENED)).toBe(0)
  })

  it('is shared by the workers of one broker that have the same times, and ends with the last of them', async () => {
    scene.task('t', () => undefined)
    const [one, two, three] = await Promise.all([
      scene.started({ heartbeat: 100 }),
      scene.started({ heartbeat: 100 }),
      scene.started({ heartbeat: 200 }),
    ])
    await until('the threads to be open', () => Atomics.load(view, OPENED) === 2)
    await Promise.all([one.stop(), three.stop()])
    expect(Atomics.load(view, CLOSED)).toBe(1)
    await two.stop()
    expect(Atomics.load(view, CLOSED)).toBe(2)
    await scene.started({ heartbeat: 100 })
    await until('a new one to be open', () => Atomics.load(view, OPENED) === 3)
  })

  it('is started again when it dies, and the main thread beats meanwhile', async () => {
    Atomics.store(view, BEHAVIOUR, 3)
    let ctx: TaskContext | undefined
    scene.task('wait', (_input, given: TaskContext) => {
      ctx = given
      return new Promise((_resolve, reject) =>
        given.signal.addEventListener('abort', () => reject(given.signal.reason)),
      )
    })
    await scene.started({ lease: '10s', heartbeat: 100 })
    scene.enqueue('wait')
    // The first thread has died, and the one that follows it too, as soon as it beats.
    await until('a thread is started again', () => Atomics.load(view, OPENED) >= 2)
    expect(scene.store.heartbeats).toBeGreaterThan(0)
    Atomics.store(view, BEHAVIOUR, 0)
    await until('a thread beats', () => Atomics.load(view, BEATS) > 0)
    expect(ctx?.signal.aborted).toBe(false)
  })
})
