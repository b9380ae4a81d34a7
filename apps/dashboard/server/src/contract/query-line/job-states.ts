/** The states of jobs, in the order in which a search without `state:` walks them. */
export const JOB_STATES = [
  'running',
  'retrying',
  'ready',
  'scheduled',
  'failed',
  'succeeded',
  'cancelled',
  'expired',
] as const

export type JobState = (typeof JOB_STATES)[number]
