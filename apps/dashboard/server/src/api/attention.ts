import type { FindingView, LeaderView, QueueView, ScheduleView, WorkerView } from '@millrace/monitor'
import type { Attention, Overview } from '../contract/index.js'

interface Scene {
  readonly now: number
  readonly queues: readonly QueueView[]
  readonly workers: readonly WorkerView[]
  readonly leader: LeaderView | null
  readonly schedules: readonly ScheduleView[]
  /** By the minute. */
  readonly byTask: Overview['byTask']
  readonly findings: readonly FindingView[]
}

/** Older than this, a waiting job is worth a look; much older, a person. */
const OLD_MS = 60_000
const VERY_OLD_MS = 600_000
const LATE_MS = 60_000
const BLOCKED_MS = 500
/** A task that fails more often than this, of at least so many attempts in the last minutes, is failing. */
const FAILING_SHARE = 0.2
const FAILING_RUNS = 5
const LAST_STEPS = 5
const MOST = 50

/** What needs a person, the worst first, at most 50. */
export function findAttention(scene: Scene): Attention[] {
  const found = [
    ...aboutPeople(scene),
    ...scene.queues.flatMap((queue) => aboutQueue(queue, scene)),
    ...scene.byTask.flatMap(aboutTask),
    ...scene.workers.flatMap(aboutWorker),
    ...scene.schedules.flatMap((schedule) => aboutSchedule(schedule, scene.now)),
    ...scene.findings.flatMap(aboutStore),
  ]
  const of = (level: Attention['level']) => found.filter((each) => each.level === level)
  return [...of('error'), ...of('warning')].slice(0, MOST)
}

type Told = Pick<Attention, 'kind' | 'level' | 'what' | 'fix'> & Partial<Attention>

function tell(told: Told): Attention {
  return { queue: null, task: null, worker: null, ...told }
}

function aboutPeople({ queues, workers, leader }: Scene): Attention[] {
  const found: Attention[] = []
  if (workers.length === 0 && queues.some((queue) => queue.ready + queue.suspects > 0)) {
    const what = 'Jobs wait and no worker runs.'
    found.push(tell({ kind: 'no-workers', level: 'error', what, fix: 'Start one: millrace worker.' }))
  }
  if ((leader === null || leader.endedAt !== null) && queues.some((queue) => queue.due > 0)) {
    const what = 'Jobs wait for their time and no dispatcher leads.'
    const fix = 'Start a worker (each carries a candidate) or millrace dispatcher.'
    found.push(tell({ kind: 'no-leader', level: 'error', what, fix }))
  }
  return found
}

function aboutQueue(view: QueueView, { workers }: Scene): Attention[] {
  const { queue, oldestReadyMs } = view
  const waiting = view.ready + view.suspects
  if (view.paused) {
    const what = `Queue ${queue} is paused${waiting > 0 ? ` and ${waiting} jobs wait in it` : ''}.`
    return [tell({ kind: 'queue-paused', level: 'warning', what, fix: 'Resume it when it may run again.', queue })]
  }
  const takers = workers.filter(({ queues, state }) => queues.includes(queue) && state === 'running')
  if (waiting > 0 && workers.length > 0 && takers.length === 0) {
    const what = `${waiting} jobs wait in queue ${queue}, and no worker takes from it.`
    const fix = `Start a worker with --queues ${queue}.`
    return [tell({ kind: 'queue-stuck', level: 'error', what, fix, queue })]
  }
  if (oldestReadyMs === null || oldestReadyMs <= OLD_MS) return []
  const what = `The oldest job in queue ${queue} has waited for ${spanText(oldestReadyMs)}.`
  const level = oldestReadyMs > VERY_OLD_MS ? 'error' : 'warning'
  return [tell({ kind: 'queue-old', level, what, fix: 'Add workers, or raise their concurrency.', queue })]
}

function aboutTask({ task, series }: Overview['byTask'][number]): Attention[] {
  const last = (column: readonly number[]) => column.slice(-LAST_STEPS).reduce((sum, each) => sum + each, 0)
  const bad = last(series.failed) + last(series.retried)
  const runs = bad + last(series.succeeded)
  if (runs < FAILING_RUNS || bad / runs < FAILING_SHARE) return []
  const what = `${Math.round((bad / runs) * 100)} % of the last ${runs} attempts of ${task} failed.`
  const level = bad === runs ? 'error' : 'warning'
  return [tell({ kind: 'failing-task', level, what, fix: 'See its errors under Retries and Failed.', task })]
}

function aboutWorker({ id, host, pid, eventLoopDelayMs }: WorkerView): Attention[] {
  if (eventLoopDelayMs === null || eventLoopDelayMs < BLOCKED_MS) return []
  const what = `The event loop of worker ${host}:${pid} is ${spanText(eventLoopDelayMs)} late.`
  const fix = 'A handler computes in the main thread: split its work, or lower the concurrency.'
  return [tell({ kind: 'worker-blocked', level: 'warning', what, fix, worker: id })]
}

function aboutSchedule({ name, state, nextAt, task }: ScheduleView, now: number): Attention[] {
  if (state !== 'active' || nextAt === null || now - nextAt < LATE_MS) return []
  const what = `Schedule ${name} is ${spanText(now - nextAt)} late.`
  return [tell({ kind: 'schedule-late', level: 'error', what, fix: 'See whether a dispatcher leads.', task })]
}

function aboutStore({ level, what, fix }: FindingView): Attention[] {
  return level === 'ok' ? [] : [tell({ kind: 'store', level, what: `Store: ${what}.`, fix: fix ?? '' })]
}

function spanText(ms: number): string {
  if (ms < 10_000) return `${(ms / 1000).toFixed(1)} s`
  if (ms < 120_000) return `${Math.round(ms / 1000)} s`
  return ms < 7_200_000 ? `${Math.round(ms / 60_000)} min` : `${Math.round(ms / 3_600_000)} h`
}
