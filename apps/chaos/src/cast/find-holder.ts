import type { Effects } from '../check/read-effects.js'
import type { ChaosScene } from './chaos-scene.js'
import type { FleetWorker } from './worker-fleet.js'

/** A worker that was the last to begin one of these jobs, and takes jobs still. */
export function findHolder(scene: ChaosScene, ids: readonly string[]): FleetWorker | undefined {
  const effects = scene.effects()
  const pids = new Set(ids.map((id) => newestPid(effects, id)))
  return scene.fleet.ready.find(({ pid }) => pids.has(pid))
}

/** The process that was the last to begin a job. */
export function newestPid({ executions }: Effects, jobId: string): number | undefined {
  return executions.get(jobId)?.at(-1)?.pid
}
