import type { Monitor, PastTerm, QueueView, WorkerView } from '@millrace/monitor'
import { checkOverdue } from './check-overdue.js'
import { type DoctorFinding, doubtful, fine } from './doctor-finding.js'

/** Whether somebody does the work: workers of one version, a leader, a worker for each queue that waits. */
export async function checkPeople(monitor: Monitor): Promise<DoctorFinding[]> {
  const [workers, leader, queues] = await Promise.all([monitor.workers(), monitor.leader(), monitor.queues()])
  const late = await checkOverdue(monitor, queues, Date.now())
  return [...checkWorkers(workers), checkLeader(leader, workers), ...late, ...checkQueues(queues, workers)]
}

export function checkWorkers(workers: readonly WorkerView[]): DoctorFinding[] {
  if (workers.length === 0) return [doubtful('workers', 'no worker runs', 'Start one: millrace worker')]
  const versions = [...new Set(workers.map((worker) => worker.version))].sort()
  if (versions.length === 1) return [fine('workers', `${workers.length} running, version ${versions[0]}`)]
  const found = `workers of ${versions.length} versions run: ${versions.join(', ')}`
  return [doubtful('worker-versions', found, 'Fine during a deployment; else update the older ones.')]
}

export function checkLeader(leader: PastTerm | null, workers: readonly WorkerView[]): DoctorFinding {
  if (leader !== null && leader.endedAt === null)
    return fine('leader', `${leader.candidate} leads, epoch ${leader.epoch}`)
  const what = leader === null ? 'no dispatcher has ever led' : 'no dispatcher leads: the last term has ended'
  const fix =
    workers.length === 0
      ? 'Start a worker (it carries a candidate) or millrace dispatcher.'
      : 'Run workers without --no-dispatcher, or millrace dispatcher: delayed jobs and retries wait for one.'
  return doubtful('leader', what, fix)
}

export function checkQueues(queues: readonly QueueView[], workers: readonly WorkerView[]): DoctorFinding[] {
  const served = new Set(workers.flatMap((worker) => worker.queues))
  const findings: DoctorFinding[] = []
  for (const { queue, ready, suspects, failed, paused } of queues) {
    const waiting = ready + suspects
    if (paused) findings.push(doubtful('queue-paused', `queue ${queue} is paused`, `millrace resume ${queue}`))
    if (waiting > 0 && workers.length > 0 && !served.has(queue)) {
      const what = `${waiting} jobs wait in queue ${queue}, which no worker serves`
      findings.push(doubtful('queue-unserved', what, `Start a worker with --queues ${queue}.`))
    }
    if (failed > 0) {
      const what = `queue ${queue} keeps ${failed} failed ${failed === 1 ? 'job' : 'jobs'}`
      findings.push(
        doubtful(
          'failed-jobs',
          what,
          `See millrace jobs --queue ${queue}, then millrace retry --all --queue ${queue}.`,
        ),
      )
    }
  }
  return findings.length > 0 || queues.length === 0 ? findings : [fine('queues', `${queues.length} in use`)]
}
