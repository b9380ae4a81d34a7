import { expect } from 'vitest'
import type { ConformanceTheme } from './conformance-case.js'
import { job } from './job-fixtures.js'
import { until } from './until.js'

export const delayedCases: ConformanceTheme = {
  'delayed-is-not-handed-out-before-it-is-due': async (scene) => {
    const [from, before] = [performance.now(), Date.now()]
    await scene.put([job('a', { delayMs: 400 }), job('now')])
    const after = Date.now()
    const view = await scene.view('a')
    expect(view.state).toBe('scheduled')
    // The store's clock may be another.
    expect(view.dueAt).toBeGreaterThan(before)
    expect(view.dueAt).toBeLessThan(after + 800)
    const seat = await scene.seat()
    expect(await scene.workOff(seat)).toEqual(['now'])
    await until('the delayed job to be handed out', async () => {
      await scene.promote()
      const done = await scene.workOff(seat)
      expect(done.length === 0 || performance.now() - from >= 390).toBe(true)
      return done.includes('a')
    })
  },

  'delayed-until-an-instant': async (scene) => {
    await scene.put(['probe'])
    const { now } = await scene.broker.dispatch.agenda(scene.lane(), await scene.epoch())
    await scene.put([
      job('past', { at: now - 60_000 }),
      job('soon', { at: now + 300 }),
      job('far', { at: now + 3_600_000 }),
    ])
    expect((await scene.view('far')).dueAt).toBe(now + 3_600_000)
    const seat = await scene.seat()
    const done: string[] = []
    await until('two of three to run', async () => {
      await scene.promote()
      done.push(...(await scene.workOff(seat)))
      return done.length >= 3
    })
    expect(
      done
        .slice(0, 3)
        .filter((id) => id !== 'soon')
        .sort(),
    ).toEqual(['past', 'probe'])
    expect(done.at(-1)).toBe('soon')
    expect((await scene.counts()).due).toBe(1)
  },

  'delayed-become-ready-in-the-order-they-are-due': async (scene) => {
    const delays = [250, 50, 200, 100, 150, 300]
    await scene.put(delays.map((delayMs) => job(`d-${delayMs}`, { delayMs })))
    await until('all to be due', async () => {
      const { now, dueAt } = await scene.broker.dispatch.agenda(scene.lane(), await scene.epoch())
      return (
        dueAt !== undefined &&
        (await scene.view('d-300')).dueAt !== undefined &&
        now > ((await scene.view('d-300')).dueAt ?? 0)
      )
    })
    expect(await scene.promote()).toBe(6)
    const sorted = [...delays].sort((a, b) => a - b).map((delayMs) => `d-${delayMs}`)
    expect(await scene.workOff(await scene.seat())).toEqual(sorted)
  },

  'delayed-promote-twice-makes-one-run': async (scene) => {
    await scene.put([job('a', { delayMs: 20 })])
    const other = await scene.another()
    const epoch = await scene.epoch()
    let promoted = 0
    await until('the job to be promoted', async () => {
      const steps = await Promise.all([
        scene.broker.dispatch.promoteDue(scene.lane(), epoch),
        other.dispatch.promoteDue(scene.lane(), epoch),
      ])
      promoted += steps[0].promoted + steps[1].promoted
      return promoted > 0
    })
    expect(promoted).toBe(1)
    expect(await scene.promote()).toBe(0)
    expect(await scene.workOff(await scene.seat())).toEqual(['a'])
  },
}
