import { makeMovableClock } from '../cast/movable-clock.js'
import { jumpRedisClock, jumpWorkerClock } from '../operations/jump-clock.js'
import type { Scenario, Stage } from '../run/scenario.js'
import { runStorm, type StormTable } from '../run/storm.js'

/** Wall clocks go wrong by an hour: those of workers, and that of Redis where it can be moved (`cc` and Linux). */
const table: StormTable = {
  name: 'clock-jumps',
  about: 'wall clocks of workers and of Redis jump by an hour: no lease ends by it, nothing is lost',
  full: { jobs: 5_000, faults: 12, minutes: 0 },
  ci: { jobs: 400, faults: 2, minutes: 0 },
  workload: 'mixed',
  scene: { worker: { lease: '2s' } },
  kinds: [{ operation: jumpWorkerClock, lastsMs: [500, 2_000] }],
  everyMs: [500, 1_500],
  resumeMs: 10_000,
  crashless: true,
}

export const clockJumps: Scenario = {
  ...table,
  run(stage: Stage) {
    const clock = makeMovableClock(stage.dir)
    if (clock === undefined) {
      stage.say("no C compiler here: Redis' clock stays as it is")
      return runStorm({ table, stage })
    }
    const kinds = [...table.kinds, { operation: jumpRedisClock(clock), lastsMs: [2_500, 5_000] as const }]
    return runStorm({ table: { ...table, kinds }, stage, scene: { ...table.scene, redisBinary: clock.binary } })
  },
}
