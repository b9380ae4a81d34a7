import { setTimeout as pause } from 'node:timers/promises'
import { cpuSeconds } from '../measure/cpu-seconds.js'
import { NotOffered } from '../measure/void-figure.js'
import { Stage } from '../process/stage.js'
import { MILLRACE } from '../rivals/catalogue.js'
import { JOBS_PER_SECOND, type Scenario } from '../scenario.js'
import { drainDetails } from '../scenarios/drain-details.js'
import { enqueueAll } from './enqueue-all.js'
import { jobsForWarmDrain, warmDrain } from './warm-drain.js'

/** Idle workers share processes, so that what is measured is their cost for the store, not for this machine. */
const PER_PROCESS = 1_000
const FEWEST = 1
/** An announcement of every idle worker, and two or more of all else that it does. */
const IDLE_WINDOW_MS = 12_000

const idleName = (idle: number) => `scale/idle-workers-${idle}`

/** A warm worker drains while so many others are connected, with a seat each, and have nothing to do. */
export function idleCompany(idle: number): Scenario {
  return {
    name: idleName(idle),
    summary: `drain rate of a warm worker beside ${idle.toLocaleString('en-US')} idle ones, and what those cost by themselves`,
    ...(idle === FEWEST ? {} : { base: idleName(FEWEST) }),
    figures: [JOBS_PER_SECOND],
    measure: async (trial) => {
      if (trial.rival.name !== MILLRACE) throw new NotOffered('idle workers are simulated for Millrace only')
      return await Stage.with(trial, async (stage) => {
        const jobs = jobsForWarmDrain(trial, 0)
        const pids = await stage.startIdleWorkers(idle, PER_PROCESS)
        const producer = await stage.startProducer('noop', { bulk: true })
        await enqueueAll(stage, producer, { from: 0, to: jobs })
        await producer.kill()
        const [storeIdleCpu, idleWorkersCpu] = await coresInUse([[stage.serverPid], pids], IDLE_WINDOW_MS)
        const { rate, drained } = await warmDrain(stage, trial, { jobs })
        const idleCost = { storeIdleCpu: storeIdleCpu ?? Number.NaN, idleWorkersCpu: idleWorkersCpu ?? Number.NaN }
        return { values: { '': rate }, details: { ...drainDetails(drained), ...idleCost } }
      })
    },
  }
}

/** Cores that each group of processes uses over a while. */
async function coresInUse(groups: readonly (readonly number[])[], windowMs: number): Promise<number[]> {
  const read = () => groups.map((pids) => pids.reduce((sum, pid) => sum + cpuSeconds(pid), 0))
  const before = read()
  const from = performance.now()
  await pause(windowMs)
  const seconds = (performance.now() - from) / 1000
  return read().map((value, index) => (value - (before[index] as number)) / seconds)
}
