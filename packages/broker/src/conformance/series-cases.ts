import { expect } from 'vitest'
import type { TaskTally } from '../ports/consumer.js'
import { DURATION_BOUNDS_MS, MAX_DURATION_TASKS, type TaskDurations } from '../ports/durations.js'
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

function durations(task: string, sumMs: number, buckets: readonly number[]): TaskDurations {
  const counts = new Array<number>(DURATION_BOUNDS_MS.length + 1).fill(0)
  for (const bucket of buckets) counts[bucket] = (counts[bucket] as number) + 1
  return { task, sumMs, counts }
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

  'series-durations-add-up-over-workers-and-name-so-many-tasks': async (scene) => {
    const { consumer, inspect } = scene.broker
    const told = async (task: string) => (await inspect.durations()).find((each) => each.task === task)
    await consumer.countDurations([durations('quick', 9, [0, 0, 1]), durations('slow', 0, [12])])
    await consumer.countDurations([durations('quick', 3, [0])])
    expect(await told('quick')).toEqual(durations('quick', 12, [0, 0, 0, 1]))
    expect(await told('slow')).toEqual(durations('slow', 0, [12]))
    const many = Array.from({ length: MAX_DURATION_TASKS + 50 }, (_, index) => durations(`many-${index}`, 1, [2]))
    await consumer.countDurations(many)
    const all = (await inspect.durations()).filter(({ task }) => task.startsWith('many-') || task === '(other)')
    expect((await inspect.durations()).length).toBe(MAX_DURATION_TASKS + 1)
    expect(all.reduce((sum, { counts }) => sum + (counts[2] ?? 0), 0)).toBe(many.length)
    await consumer.countDurations([durations('quick', 1, [0])])
    expect((await told('quick'))?.sumMs).toBe(13)
  },
}
