import { expect } from 'vitest'
import type { TaskTally } from '../ports/consumer.js'
import type { SeriesPoint, SeriesQuery } from '../ports/series.js'
import type { ConformanceTheme } from './conformance-case.js'
import type { Scene } from './scene.js'

const HOUR = 3_600_000

function tally(task: string, succeeded: number, failed = 0): TaskTally {
  return { task, succeeded, retried: 1, failed, busyMs: 10 }
}

async function read(scene: Scene, unit: SeriesQuery['unit']): Promise<readonly SeriesPoint[]> {
  const now = Date.now()
  return (await scene.broker.inspect.series(scene.lane(), { unit, from: now - HOUR, to: now + HOUR })).points
}

function sumOf(points: readonly SeriesPoint[], task: string): Omit<TaskTally, 'task'> {
  const sum = { succeeded: 0, retried: 0, failed: 0, busyMs: 0 }
  for (const one of points.flatMap((point) => point.tasks)) {
    if (one.task !== task) continue
    sum.succeeded += one.succeeded
    sum.retried += one.retried
    sum.failed += one.failed
    sum.busyMs += one.busyMs
  }
  return sum
}

export const seriesCases: ConformanceTheme = {
  'series-count-what-workers-tell-by-task-and-step': async (scene) => {
    const seat = await scene.seat()
    const exchange = (...tallies: TaskTally[]) =>
      seat.exchange({ settlements: [], want: 0, empty: true, tally: tallies })
    await exchange(tally('a', 3), tally('b', 1, 2))
    await exchange(tally('a', 4))
    for (const unit of ['minute', 'hour'] as const) {
      const points = await read(scene, unit)
      expect(sumOf(points, 'a')).toEqual({ succeeded: 7, retried: 2, failed: 0, busyMs: 20 })
      expect(sumOf(points, 'b')).toEqual({ succeeded: 1, retried: 1, failed: 2, busyMs: 10 })
      const step = unit === 'minute' ? 60_000 : HOUR
      expect(points.filter((point) => point.at % step !== 0)).toEqual([])
    }
  },

  'series-of-a-lane-where-nothing-ran-are-empty': async (scene) => {
    const points = await read(scene, 'minute')
    expect(points.flatMap((point) => point.tasks)).toEqual([])
  },

  'series-trimming-changes-no-count': async (scene) => {
    const seat = await scene.seat()
    await seat.exchange({ settlements: [], want: 0, empty: true, tally: [tally('a', 3)] })
    await scene.put(5)
    const { dispatch } = scene.broker
    await dispatch.trim(scene.lane(), await scene.epoch())
    await dispatch.trim(scene.lane(), await scene.epoch())
    for (const unit of ['minute', 'hour'] as const) expect(sumOf(await read(scene, unit), 'a').succeeded).toBe(3)
  },
}
