import type { Drained } from '../process/await-drain.js'

/** What is reported beside a drain's figure. */
export function drainDetails(drained: Drained): Record<string, number> {
  const details = {
    workerCpu: drained.workerCpu,
    storeCpu: drained.storeCpu,
    storeWait: drained.storeWait,
    workerRssMb: drained.rssBytes / 1024 / 1024,
  }
  return Object.fromEntries(Object.entries(details).filter(([, value]) => Number.isFinite(value)))
}

/** Jobs per second between first start and last completion. */
export function drainRate(jobs: number, { firstStart, lastEnd }: Drained): number {
  return (jobs / (lastEnd - firstStart)) * 1000
}
