import type { ScheduleTicks, ScheduleView } from '@millrace/monitor'
import { printTable } from './print.js'
import type { Column } from './table.js'
import { whenText } from './time-text.js'

export function printSchedules(views: readonly ScheduleView[], now: number, empty: string): void {
  const columns: readonly Column<ScheduleView>[] = [
    { title: 'SCHEDULE', value: (row) => row.name, flexible: true },
    { title: 'RULE', value: (row) => row.rule, flexible: true },
    { title: 'TASK', value: (row) => row.task, flexible: true },
    { title: 'NEXT', value: (row) => (row.nextAt === null ? row.state : whenText(row.nextAt, now)) },
    { title: 'LAST', value: (row) => (row.lastAt === null ? '-' : whenText(row.lastAt, now)) },
    { title: 'FIRED', value: (row) => row.fired, align: 'right' },
    { title: 'SKIPPED', value: (row) => row.skipped, align: 'right' },
    { title: 'OWNER', value: (row) => row.owner ?? '-' },
  ]
  printTable(views, columns, empty)
}

/** One schedule as a sentence. */
export function scheduleLine({ name, rule, task, state, nextAt }: ScheduleView, now: number): string {
  const when = nextAt === null ? state : `next ${whenText(nextAt, now)}, ${new Date(nextAt).toISOString()}`
  return `${name}: ${task}, ${rule}; ${when}`
}

export function ticksText({ name, ticks }: ScheduleTicks, now: number): string {
  if (ticks.length === 0) return `${name} has no ticks left.`
  return ticks.map((tick) => `${new Date(tick).toISOString()}  ${whenText(tick, now)}`).join('\n')
}
