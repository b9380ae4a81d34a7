import { readFileSync } from 'node:fs'

/** Of /proc: clock ticks per second, 100 on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100
/** User and system time of the process, then of those of its children that have ended. */
const TIMES = [11, 12, 13, 14]

/** CPU time that a process and all that descend from it have used, in seconds; NaN where the system does not tell. */
export function cpuSeconds(pid: number): number {
  try {
    const own = ticks(pid)
    return own / TICKS_PER_SECOND + childrenOf(pid).reduce((sum, child) => sum + (cpuSeconds(child) || 0), 0)
  } catch {
    return Number.NaN
  }
}

function ticks(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  // The name, in parentheses, may hold spaces: fields are counted after it.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return TIMES.reduce((sum, field) => sum + Number(fields[field]), 0)
}

function childrenOf(pid: number): number[] {
  const list = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
  return list
    .split(' ')
    .filter((word) => word !== '')
    .map(Number)
}
