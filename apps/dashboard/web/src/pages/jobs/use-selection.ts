import type { JobSummary } from '@millrace/dashboard/contract'
import { useState } from 'react'

type Selected = Pick<JobSummary, 'id' | 'queue'>

export interface Selection {
  readonly size: number
  readonly jobs: readonly Selected[]
  has(job: Selected): boolean
  toggle(job: Selected): void
  /** All of these, or none of them when all were. */
  toggleAll(jobs: readonly Selected[]): void
  clear(): void
}

/** An id alone does not name a job: two queues may each have one. */
export function jobKey({ id, queue }: Selected): string {
  return `${queue}/${id}`
}

export function useSelection(): Selection {
  const [chosen, setChosen] = useState<ReadonlyMap<string, Selected>>(new Map())
  return {
    size: chosen.size,
    jobs: [...chosen.values()],
    has: (job) => chosen.has(jobKey(job)),
    toggle: (job) => {
      const next = new Map(chosen)
      if (!next.delete(jobKey(job))) next.set(jobKey(job), { id: job.id, queue: job.queue })
      setChosen(next)
    },
    toggleAll: (jobs) => {
      const all = jobs.every((job) => chosen.has(jobKey(job)))
      setChosen(new Map(all ? [] : jobs.map((job) => [jobKey(job), { id: job.id, queue: job.queue }])))
    },
    clear: () => setChosen(new Map()),
  }
}
