import type { Scenario } from './run/scenario.js'
import { blockedLoop } from './scenarios/blocked-loop.js'
import { deadWorker, deadWorkerShortLease } from './scenarios/dead-worker.js'
import { droppedReplies } from './scenarios/dropped-replies.js'
import { freezes } from './scenarios/freezes.js'
import { halfOpen } from './scenarios/half-open.js'
import { leaderChange } from './scenarios/leader-change.js'
import { outages } from './scenarios/outages.js'
import { poison } from './scenarios/poison.js'
import { redisKills } from './scenarios/redis-kills.js'
import { sigterm } from './scenarios/sigterm.js'
import { workerKills } from './scenarios/worker-kills.js'

/** In the order in which `--scenario all` runs them. */
export const SCENARIOS: readonly Scenario[] = [
  workerKills,
  freezes,
  redisKills,
  droppedReplies,
  outages,
  halfOpen,
  blockedLoop,
  poison,
  sigterm,
  deadWorkerShortLease,
  deadWorker,
  leaderChange,
]

export function scenarioNamed(name: string): Scenario | undefined {
  return SCENARIOS.find((scenario) => scenario.name === name)
}
