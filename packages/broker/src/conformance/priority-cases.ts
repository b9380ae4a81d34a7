import { expect } from 'vitest'
import type { ConformanceTheme } from './conformance-case.js'
import { ids, job, jobs } from './job-fixtures.js'
import { until } from './until.js'

export const priorityCases: ConformanceTheme = {
  'priority-urgent-then-normal-then-background': async (scene) => {
    const list = [
      job('bg-1', { priority: -1 }),
      job('n-1'),
      job('bg-100', { priority: -100 }),
      job('u-1', { priority: 1 }),
      job('n-2'),
      job('u-100', { priority: 100 }),
      job('u-50', { priority: 50 }),
      job('bg-50', { priority: -50 }),
    ]
    const order = ['u-100', 'u-50', 'u-1', 'n-1', 'n-2', 'bg-1', 'bg-50', 'bg-100']
    await scene.put(list)
    const seat = await scene.seat()
    expect(ids(await scene.takeAll(seat, list.length))).toEqual(order)
    const oneByOne = scene.lane(1)
    await scene.put(list, oneByOne)
    const single = await scene.seat({ lane: oneByOne })
    const got: string[] = []
    for (let index = 0; index < list.length; index++) got.push((await scene.takeOne(single)).id)
    expect(got).toEqual(order)
  },

  'priority-first-in-first-out-within-equals': async (scene) => {
    const put = jobs(120).map((each, index) =>
      job(each.id, index % 3 === 0 ? undefined : { priority: index % 3 === 1 ? 7 : -7 }),
    )
    for (let from = 0; from < put.length; from += 40) await scene.put(put.slice(from, from + 40))
    const got = ids(await scene.takeAll(await scene.seat(), put.length))
    const of = (priority: number | undefined) => ids(put.filter((each) => each.attrs?.priority === priority))
    expect(got).toEqual([...of(7), ...of(undefined), ...of(-7)])
  },

  'priority-holds-after-a-delay': async (scene) => {
    await scene.put([
      job('n', { delayMs: 100 }),
      job('bg', { delayMs: 50, priority: -3 }),
      job('u', { delayMs: 150, priority: 3 }),
    ])
    await until('all three to be ready', async () => {
      await scene.promote()
      return (await scene.counts()).ready === 3
    })
    expect(ids(await scene.takeAll(await scene.seat(), 3))).toEqual(['u', 'n', 'bg'])
    expect((await scene.view('u')).priority).toBe(3)
  },
}
