import { type Lane, laneName, type NewJob } from '@millrace/broker'
import { OutcomeUnknownError } from '@millrace/core'
import type { Sender } from '../sender.js'

export interface StagedJob {
  readonly lane: Lane
  readonly job: NewJob
  /** Steps to the end of the workflow. */
  readonly depth: number
}

interface LaneShare {
  readonly lane: Lane
  readonly jobs: NewJob[]
}

type Stage = Map<string, LaneShare>

/**
 * Sends jobs so that each is on its lane before, or in the same call as, those that join it: by depth, the lanes of one
 * depth beside each other; as one stage where neighbouring depths share their only lane.
 */
export async function sendInOrder(sender: Sender, jobs: readonly StagedJob[]): Promise<void> {
  const stages = planStages(jobs)
  const missing = new Set(jobs.map(({ job }) => job.id))
  for (const stage of stages) {
    const shares = [...stage.values()]
    const settled = await Promise.allSettled(
      shares.map(({ lane, jobs }) => sender.sendMany(lane, jobs, { ahead: false })),
    )
    const failures: unknown[] = []
    for (const [index, { status, ...rest }] of settled.entries()) {
      if (status === 'fulfilled') for (const { id } of shares[index]?.jobs ?? []) missing.delete(id)
      else failures.push((rest as { reason: unknown }).reason)
    }
    if (failures.length === 0) continue
    const unknown = failures.find((failure) => failure instanceof OutcomeUnknownError)
    if (unknown === undefined && missing.size === jobs.length) throw failures[0]
    throw new OutcomeUnknownError({
      what: `enqueue of a workflow of ${jobs.length} jobs, of which ${jobs.length - missing.size} are on their lanes`,
      ids: [...missing],
      cause: unknown ?? failures[0],
    })
  }
}

function planStages(jobs: readonly StagedJob[]): Stage[] {
  const byDepth: Stage[] = []
  for (const { lane, job, depth } of jobs) {
    byDepth[depth] ??= new Map()
    const stage = byDepth[depth] as Stage
    const name = laneName(lane)
    const share = stage.get(name)
    if (share === undefined) stage.set(name, { lane, jobs: [job] })
    else share.jobs.push(job)
  }
  const stages: Stage[] = []
  for (const stage of byDepth) {
    const last = stages.at(-1)
    const [only] = stage.keys()
    const shared = last?.size === 1 && stage.size === 1 && only !== undefined ? last.get(only) : undefined
    if (shared === undefined) stages.push(stage)
    else for (const job of stage.get(only as string)?.jobs ?? []) shared.jobs.push(job)
  }
  return stages
}
