import { expect } from 'vitest'
import type { Lane } from '../ports/lane.js'
import type { ConformanceTheme } from './conformance-case.js'
import { job } from './job-fixtures.js'
import type { Scene } from './scene.js'
import { until } from './until.js'

/** Longest time in which an alarm must ring; a silent one ends by itself after 5 s. */
const RINGS_WITHIN_MS = 3_500

/** Makes the lanes known and takes the alarms that are on their way. */
async function quietDispatcher(scene: Scene, lanes: readonly Lane[]): Promise<void> {
  await until('the alarm to be quiet', async () => {
    for (const lane of await scene.broker.dispatch.lanes())
      await scene.broker.dispatch.agenda(lane, await scene.epoch())
    const timeout = AbortSignal.timeout(400)
    await scene.broker.dispatch.waitForAlarm(lanes, timeout).catch(() => undefined)
    return timeout.aborted
  })
}

async function rings(scene: Scene, lanes: readonly Lane[], cause: () => Promise<unknown>): Promise<void> {
  await quietDispatcher(scene, lanes)
  const from = performance.now()
  const alarm = scene.broker.dispatch.waitForAlarm(lanes, new AbortController().signal)
  await cause()
  await alarm
  expect(performance.now() - from).toBeLessThan(RINGS_WITHIN_MS)
}

export const alarmCases: ConformanceTheme = {
  'alarm-rings-for-an-earlier-due-job': async (scene) => {
    await scene.put([job('far', { delayMs: 3_600_000 })])
    await rings(scene, [scene.lane()], () => scene.put([job('near', { delayMs: 60_000 })]))
  },

  'alarm-rings-for-the-first-due-job': async (scene) => {
    await scene.put(['a'])
    await rings(scene, [scene.lane()], () => scene.put([job('near', { delayMs: 60_000 })]))
  },

  'alarm-rings-for-a-new-lane': async (scene) => {
    await scene.put(['a'])
    await rings(scene, [scene.lane()], () => scene.put(['b'], scene.lane(0, 'brand-new')))
  },

  'alarm-rings-for-the-first-lease': async (scene) => {
    await scene.put(['a'])
    await rings(scene, [scene.lane()], async () => scene.takeOne(await scene.seat({ leaseMs: 5_000 })))
  },

  'alarm-ends-with-its-signal': async (scene) => {
    await scene.put(['a'])
    await quietDispatcher(scene, [scene.lane()])
    const stop = new AbortController()
    const alarm = scene.broker.dispatch.waitForAlarm([scene.lane()], stop.signal)
    const from = performance.now()
    stop.abort()
    await alarm.catch(() => undefined)
    expect(performance.now() - from).toBeLessThan(RINGS_WITHIN_MS)
  },
}
