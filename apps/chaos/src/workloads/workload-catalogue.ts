export const WORKLOAD_NAMES = [
  'no-op',
  'slow',
  'failing',
  'retrying',
  'delayed',
  'unique',
  'fenced',
  'chain',
  'chord',
  'scheduled',
  'mixed',
] as const
export type WorkloadName = (typeof WORKLOAD_NAMES)[number]
export type KindOfJob = Exclude<WorkloadName, 'mixed' | 'scheduled'>

/** Whether the workers' code defines a schedule beside, whose ticks come by themselves. */
export interface Workload {
  /** Of 100 jobs, so many of each kind. */
  readonly shares: Partial<Record<KindOfJob, number>>
  readonly scheduled: boolean
}

/** What is enqueued under each name. */
export const WORKLOADS: Readonly<Record<WorkloadName, Workload>> = {
  'no-op': { shares: { 'no-op': 100 }, scheduled: false },
  slow: { shares: { slow: 100 }, scheduled: false },
  failing: { shares: { failing: 50, 'no-op': 50 }, scheduled: false },
  retrying: { shares: { retrying: 100 }, scheduled: false },
  delayed: { shares: { delayed: 100 }, scheduled: false },
  unique: { shares: { unique: 100 }, scheduled: false },
  fenced: { shares: { fenced: 100 }, scheduled: false },
  chain: { shares: { chain: 100 }, scheduled: false },
  chord: { shares: { chord: 100 }, scheduled: false },
  scheduled: { shares: { 'no-op': 100 }, scheduled: true },
  mixed: {
    shares: {
      'no-op': 66,
      slow: 6,
      failing: 2,
      retrying: 4,
      delayed: 4,
      unique: 4,
      fenced: 4,
      chain: 6,
      chord: 4,
    },
    scheduled: true,
  },
}

export function isWorkloadName(name: string): name is WorkloadName {
  return (WORKLOAD_NAMES as readonly string[]).includes(name)
}
