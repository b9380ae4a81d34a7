import type { Scenario } from './run/scenario.js'
import { badLinks } from './scenarios/bad-links.js'
import { blockedLoop } from './scenarios/blocked-loop.js'
import { clockJumps } from './scenarios/clock-jumps.js'
import { deadWorker, deadWorkerShortLease } from './scenarios/dead-worker.js'
import { droppedReplies } from './scenarios/dropped-replies.js'
import { everything } from './scenarios/everything.js'
import { failovers } from './scenarios/failovers.js'
import { freezes } from './scenarios/freezes.js'
import { halfOpen } from './scenarios/half-open.js'
import { leaderChange } from './scenarios/leader-change.js'
import { leaderFailover } from './scenarios/leader-failover.js'
import { order } from './scenarios/order.js'
import { outages } from './scenarios/outages.js'
import { poison } from './scenarios/poison.js'
import { redisEmpty } from './scenarios/redis-empty.js'
import { redisFreezes } from './scenarios/redis-freezes.js'
import { redisFull } from './scenarios/redis-full.js'
import { redisKills } from './scenarios/redis-kills.js'
import { sigterm } from './scenarios/sigterm.js'
import { forcedLeaders } from './scenarios/two-leaders.js'
import { workerKills } from './scenarios/worker-kills.js'

/** In the order in which `--scenario all` runs them. */
export const SCENARIOS: readonly Scenario[] = [
  workerKills,
  freezes,
  redisKills,
  redisFreezes,
  redisFull,
  redisEmpty,
  failovers,
  droppedReplies,
  outages,
  halfOpen,
  badLinks,
  blockedLoop,
  clockJumps,
  forcedLeaders,
  poison,
  order,
  sigterm,
  deadWorkerShortLease,
  deadWorker,
  leaderChange,
  leaderFailover,
  everything,
]

export function scenarioNamed(name: string): Scenario | undefined {
  return SCENARIOS.find((scenario) => scenario.name === name)
}
