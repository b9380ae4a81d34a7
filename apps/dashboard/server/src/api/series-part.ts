import type { QueueSeries, SeriesStep } from '@millrace/monitor'
import type { Overview, Series } from '../contract/index.js'

export type SeriesPart = Pick<Overview, 'stepMs' | 'series' | 'byQueue' | 'byTask'>

const MOST = 12

/** The series of an overview: the sum of what was asked for, and the busiest queues and tasks in it. */
export function seriesPart(
  found: readonly QueueSeries[],
  stepMs: number,
  asked: { readonly queue: string | undefined; readonly task: string | undefined },
): SeriesPart {
  const { queue, task } = asked
  const steps = found.map((each) => each.steps)
  const names = task === undefined ? busiestTasks(steps) : []
  const queues = queue === undefined ? busiestQueues(found, task) : []
  return {
    stepMs,
    series: columns(steps, task),
    byQueue: queues.map((each) => ({ queue: each.queue, series: columns([each.steps], task) })),
    byTask: names.map((name) => ({ task: name, series: columns(steps, name) })),
  }
}

function busiestTasks(queues: readonly (readonly SeriesStep[])[]): string[] {
  const runs = new Map<string, number>()
  for (const steps of queues) {
    for (const { tasks } of steps) {
      for (const { task, succeeded, retried, failed } of tasks) {
        runs.set(task, (runs.get(task) ?? 0) + succeeded + retried + failed)
      }
    }
  }
  return [...runs]
    .sort((a, b) => b[1] - a[1])
    .slice(0, MOST)
    .map(([task]) => task)
}

/** By runs; those where nothing ran by what waited. */
function busiestQueues(found: readonly QueueSeries[], task: string | undefined): QueueSeries[] {
  const rank = ({ steps }: QueueSeries) => {
    let runs = 0
    let waited = 0
    for (const step of steps) {
      waited += step.backlog ?? 0
      for (const tally of step.tasks) {
        if (task === undefined || tally.task === task) runs += tally.succeeded + tally.retried + tally.failed
      }
    }
    return runs + waited / 1e9
  }
  return found
    .map((each) => ({ each, rank: rank(each) }))
    .sort((a, b) => b.rank - a.rank)
    .slice(0, MOST)
    .map(({ each }) => each)
}

/** One task, or all, of several queues: sums, step by step. */
function columns(queues: readonly (readonly SeriesStep[])[], task: string | undefined): Series {
  const series: Series = {
    at: [],
    succeeded: [],
    retried: [],
    failed: [],
    handlerMs: [],
    backlog: [],
    oldestReadyMs: [],
  }
  const length = queues[0]?.length ?? 0
  for (let i = 0; i < length; i++)
    addStep(
      series,
      task,
      queues.flatMap((queue) => queue[i] ?? []),
    )
  return series
}

function addStep(series: Series, task: string | undefined, steps: readonly SeriesStep[]): void {
  const total = { succeeded: 0, retried: 0, failed: 0, busyMs: 0 }
  let backlog: number | null = null
  let oldest: number | null = null
  for (const step of steps) {
    for (const tally of step.tasks) {
      if (task !== undefined && tally.task !== task) continue
      total.succeeded += tally.succeeded
      total.retried += tally.retried
      total.failed += tally.failed
      total.busyMs += tally.busyMs
    }
    if (task !== undefined) continue
    if (step.backlog !== null) backlog = (backlog ?? 0) + step.backlog
    if (step.oldestReadyMs !== null) oldest = Math.max(oldest ?? 0, step.oldestReadyMs)
  }
  const runs = total.succeeded + total.retried + total.failed
  series.at.push(steps[0]?.at ?? 0)
  series.succeeded.push(total.succeeded)
  series.retried.push(total.retried)
  series.failed.push(total.failed)
  series.handlerMs.push(runs === 0 ? null : Math.round((total.busyMs / runs) * 100) / 100)
  series.backlog.push(backlog)
  series.oldestReadyMs.push(oldest)
}
