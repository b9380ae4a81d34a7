import type { StoredSchedule } from '@millrace/broker'
import { InvalidOptionError, nextTick, type ScheduleSpec } from '@millrace/core'
import { callOptions, type MonitorScope } from './monitor-scope.js'
import { schedulesOf } from './schedule-port.js'

/** A schedule as people see it. */
export interface ScheduleView {
  readonly name: string
  readonly task: string
  readonly queue: string
  /** The input, parsed; with a codec, as the codec left it. */
  readonly input: unknown
  /** `cron 0 3 * * * in Europe/Paris`, `every 15m`, `at 2030-01-01T00:00:00.000Z`. */
  readonly rule: string
  readonly spec: ScheduleSpec
  /** `over`: no tick is left. */
  readonly state: 'active' | 'paused' | 'disabled' | 'over'
  /** Ms since the epoch; null when no tick is planned. */
  readonly nextAt: number | null
  /** The last tick that fired; null when none did. */
  readonly lastAt: number | null
  /** Ticks that fired. */
  readonly fired: number
  /** Ticks that fired and made no job, because an earlier one's had not ended. */
  readonly skipped: number
  /** Ticks whose jobs are not on their lane yet. */
  readonly backlog: number
  readonly createdAt: number
  /** Whose code defines it; null: made at run time. */
  readonly owner: string | null
}

export interface ScheduleTicks {
  readonly name: string
  /** Ms since the epoch, in order. */
  readonly ticks: readonly number[]
}

const PAGE = 500
const MAX_TICKS = 1_000

/** Every schedule, by name. One call to the broker per 500. */
export async function readSchedules(scope: MonitorScope): Promise<ScheduleView[]> {
  const found: StoredSchedule[] = []
  await eachSchedule(scope, (stored) => found.push(stored))
  return found.map(viewSchedule)
}

export async function eachSchedule(scope: MonitorScope, visit: (stored: StoredSchedule) => unknown): Promise<void> {
  const schedules = await schedulesOf(scope)
  let cursor: string | undefined
  do {
    const page = await schedules.list({ limit: PAGE, ...(cursor !== undefined && { cursor }) }, callOptions(scope))
    for (const stored of page.schedules) visit(stored)
    cursor = page.cursor
  } while (cursor !== undefined)
}

/** The next ticks of a schedule, as if it were neither paused nor disabled. Throws `InvalidOptionError`. */
export async function readScheduleTicks(scope: MonitorScope, name: string, count: number): Promise<ScheduleTicks> {
  if (!Number.isInteger(count) || count < 1 || count > MAX_TICKS) {
    throw new InvalidOptionError({ option: 'count', found: count, expected: `a whole number from 1 to ${MAX_TICKS}` })
  }
  const { stored, now } = await findSchedule(scope, name)
  const { spec, fired, nextTick: planned } = stored
  const ticks: number[] = []
  const most = Math.min(count, spec.limit === undefined ? count : spec.limit - fired)
  let at: number | undefined = planned ?? nextTick({ ...spec, enabled: true }, now)
  while (at !== undefined && ticks.length < most) {
    ticks.push(at)
    at = nextTick({ ...spec, enabled: true }, at)
  }
  return { name, ticks }
}

/** Throws `InvalidOptionError` where there is none. */
export async function findSchedule(
  scope: MonitorScope,
  name: string,
): Promise<{ readonly stored: StoredSchedule; readonly now: number }> {
  const schedules = await schedulesOf(scope)
  const { now, schedules: found } = await schedules.read([name], callOptions(scope))
  const [stored] = found
  if (stored !== undefined) return { stored, now }
  throw new InvalidOptionError({ option: 'schedule', found: name, expected: 'the name of a schedule that is there' })
}

export function viewSchedule(stored: StoredSchedule): ScheduleView {
  const { name, spec, call, owner, nextTick: next, lastTick, fired, skipped, backlog, createdAt } = stored
  return {
    name,
    task: call.task,
    queue: call.lane.queue,
    input: JSON.parse(call.inputJson) as unknown,
    rule: ruleText(spec),
    spec,
    state: stateOf(stored),
    nextAt: next ?? null,
    lastAt: lastTick ?? null,
    fired,
    skipped,
    backlog,
    createdAt,
    owner: owner ?? null,
  }
}

function stateOf({ paused, spec, nextTick: next }: StoredSchedule): ScheduleView['state'] {
  if (paused) return 'paused'
  if (!spec.enabled) return 'disabled'
  return next === undefined ? 'over' : 'active'
}

function ruleText({ timing }: ScheduleSpec): string {
  switch (timing.kind) {
    case 'cron':
      return `cron ${timing.cron}${timing.timezone === 'UTC' ? '' : ` in ${timing.timezone}`}`
    case 'every':
      return `every ${durationText(timing.everyMs)}`
    case 'at':
      return `at ${new Date(timing.atMs).toISOString()}`
  }
}

function durationText(ms: number): string {
  const units = [
    ['d', 86_400_000],
    ['h', 3_600_000],
    ['m', 60_000],
    ['s', 1_000],
  ] as const
  const [unit, size] = units.find(([, each]) => ms % each === 0) ?? ['ms', 1]
  return `${ms / size}${unit}`
}
