import { readFileSync } from 'node:fs'

/** Of /proc: clock ticks per second, 100 on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100
const UTIME = 11

/** CPU time that a process has used, in seconds; NaN where the system does not tell. */
export function cpuSeconds(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The name, in parentheses, may hold spaces: fields are counted after it.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return (Number(fields[UTIME]) + Number(fields[UTIME + 1])) / TICKS_PER_SECOND
  } catch {
    return Number.NaN
  }
}
