import { expect } from 'vitest'
import type { Reservation, Seat } from '../ports/consumer.js'
import type { ConformanceTheme } from './conformance-case.js'
import { ids, succeed } from './job-fixtures.js'
import type { Scene } from './scene.js'
import { until } from './until.js'

/** A seat that listens, and what it is handed; `undefined` where the driver never hands anything over. */
async function listener(
  scene: Scene,
  broker = scene.broker,
): Promise<{ seat: Seat; handed: Reservation[] } | undefined> {
  const seat = await scene.seat({ broker })
  const handed: Reservation[] = []
  if (seat.receive === undefined) return undefined
  seat.receive((reservations) => void handed.push(...reservations))
  await standAtDoor(scene, seat)
  return { seat, handed }
}

const standAtDoor = (scene: Scene, seat: Seat) =>
  until('the seat to stand at the door', async () => (await scene.exchange(seat, { want: 1 })).atDoor === true)

/** Where the job is, once it is somewhere. */
const figures = async (scene: Scene) => {
  const { ready, running } = await scene.counts()
  return { ready, running }
}

export const doorCases: ConformanceTheme = {
  'door-a-lone-job-is-handed-to-the-seat-that-waits': async (scene) => {
    const at = await listener(scene)
    if (at === undefined) return
    await scene.put(['a'])
    expect(await figures(scene)).toEqual({ ready: 0, running: 1 })
    await until('the job to be handed over', () => at.handed.length > 0)
    const [held] = at.handed as [Reservation]
    expect(held).toMatchObject({
      id: 'a',
      attemptsUsed: 0,
      crashes: 0,
      alone: false,
      wire: [1, 't', { id: 'a' }, 1_700_000_000_000],
    })
    expect((await at.seat.heartbeat()).tokens).toBe(1)
    await scene.settle(at.seat, succeed(held))
    expect(await figures(scene)).toEqual({ ready: 0, running: 0 })
  },

  'door-tokens-grow-over-both-ways-of-handing-out': async (scene) => {
    const at = await listener(scene)
    if (at === undefined) return
    await scene.put(['a'])
    await until('the job to be handed over', () => at.handed.length > 0)
    await scene.put(['b'])
    const b = await scene.takeOne(at.seat)
    expect(BigInt(b.token) > BigInt((at.handed[0] as Reservation).token)).toBe(true)
  },

  'door-one-job-a-place-then-the-usual-way': async (scene) => {
    const at = await listener(scene)
    if (at === undefined) return
    await scene.put(['a'])
    await scene.put(['b'])
    expect(await figures(scene)).toEqual({ ready: 1, running: 1 })
    expect(ids(await scene.take(at.seat))).toEqual(['b'])
  },

  'door-a-batch-is-not-handed-over': async (scene) => {
    const at = await listener(scene)
    if (at === undefined) return
    await scene.put(2)
    expect(await figures(scene)).toEqual({ ready: 2, running: 0 })
  },

  'door-nothing-overtakes-what-waits': async (scene) => {
    const at = await listener(scene)
    if (at === undefined) return
    await scene.put(2)
    await scene.put(['z'])
    expect(await figures(scene)).toEqual({ ready: 3, running: 0 })
    expect(ids(await scene.take(at.seat, 3)).at(-1)).toBe('z')
  },

  'door-a-paused-lane-hands-nothing-over': async (scene) => {
    const at = await listener(scene)
    if (at === undefined) return
    await scene.broker.control.pause(scene.lane())
    await scene.put(['a'])
    expect(await figures(scene)).toEqual({ ready: 1, running: 0 })
  },

  'door-an-exchange-that-wants-nothing-takes-leave': async (scene) => {
    const at = await listener(scene)
    if (at === undefined) return
    expect((await scene.exchange(at.seat, { want: 0 })).atDoor).toBe(false)
    await scene.put(['a'])
    expect(await figures(scene)).toEqual({ ready: 1, running: 0 })
  },

  'door-a-seat-that-left-gets-nothing': async (scene) => {
    const at = await listener(scene)
    if (at === undefined) return
    await at.seat.leave()
    await scene.put(['a'])
    expect(await figures(scene)).toEqual({ ready: 1, running: 0 })
  },

  'door-a-seat-whose-process-is-gone-gets-nothing': async (scene) => {
    const other = await scene.another()
    const at = await listener(scene, other)
    if (at === undefined) return
    await other.close()
    await until('the job to take the usual way', async () => {
      await scene.put(1)
      return (await scene.counts()).ready > 0
    })
    expect(at.handed).toEqual([])
  },

  'door-what-was-handed-over-comes-back-when-the-lease-ends': async (scene) => {
    const seat = await scene.seat({ leaseMs: 150 })
    if (seat.receive === undefined) return
    seat.receive(() => {})
    await standAtDoor(scene, seat)
    await scene.put(['a'])
    await scene.reclaimUntilRunning(0)
    expect((await scene.view('a')).crashes).toBe(1)
  },

  'door-reconcile-puts-back-what-was-handed-over': async (scene) => {
    const at = await listener(scene)
    if (at === undefined) return
    await scene.put(['a'])
    expect(await at.seat.reconcile([])).toEqual({ putBack: 1 })
    expect(await figures(scene)).toEqual({ ready: 1, running: 0 })
    expect(ids(await scene.take(at.seat))).toEqual(['a'])
  },
}
