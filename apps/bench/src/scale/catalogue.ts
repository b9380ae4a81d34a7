import type { Scenario } from '../scenario.js'
import { idleCompany } from './idle-company.js'
import { payloadSize } from './payload-size.js'
import { waitingJobs } from './waiting-jobs.js'

const WAITING = [10_000, 100_000, 1_000_000]
const IDLE_WORKERS = [1, 10, 100, 1_000]
const PAYLOADS = [
  { label: '1B', bytes: 1, jobs: 100_000 },
  { label: '1KB', bytes: 1_024, jobs: 50_000 },
  { label: '100KB', bytes: 102_400, jobs: 2_000 },
]

/** How cost grows. `further`: another number of waiting jobs, for those who have the memory (0: none). */
export function scaleScenarios(further: number): readonly Scenario[] {
  const waiting = further === 0 || WAITING.includes(further) ? WAITING : [...WAITING, further]
  return [...waiting.map(waitingJobs), ...IDLE_WORKERS.map(idleCompany), ...PAYLOADS.map(payloadSize)]
}
