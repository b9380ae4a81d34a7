import { readFileSync } from 'node:fs'

const NANOSECONDS = 1e9

/**
 * How long the first thread of a process has waited for a core although it had work, in seconds: until it got one, or while it was pushed
 * off its own by another. NaN where the system does not tell. One that neither runs nor waits has nothing to do.
 */
export function coreWaitSeconds(pid: number): number {
  try {
    const [, waited] = readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')
    return Number(waited) / NANOSECONDS
  } catch {
    return Number.NaN
  }
}
