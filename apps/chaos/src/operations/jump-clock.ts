import type { ChaosScene } from '../cast/chaos-scene.js'
import type { MovableClock } from '../cast/movable-clock.js'
import { pickAt } from '../run/seeded-random.js'
import { pause, until } from '../run/until.js'
import type { Operation } from './operation.js'

export const JUMP_MS = 3_600_000

/** The wall clock of a worker goes an hour forward or back, and stays there: leases are none of its business. */
export const jumpWorkerClock: Operation = {
  name: "jump a worker's clock",
  async strike(scene, { choice, lastsMs }) {
    const { fleet } = scene
    const candidates = fleet.ready
    if (candidates.length === 0) return
    const victim = pickAt(candidates, (choice * 2) % 1)
    fleet.command(victim, { kind: 'jump-clock', byMs: choice < 0.5 ? JUMP_MS : -JUMP_MS })
    await pause(lastsMs)
  },
}

/**
 * The wall clock of Redis goes an hour forward under load, and later back. What was given a time by it then may be early, or late
 * by the hour, so the way back waits until nothing waits for its time.
 */
export function jumpRedisClock(clock: MovableClock): Operation {
  return {
    name: "jump Redis' clock",
    async strike(scene, { lastsMs }) {
      scene.clockMoved = true
      clock.move(JUMP_MS)
      await pause(lastsMs)
      const back = async () => {
        await pauseTicks(scene)
        await until('nothing waits for its time', () => scene.isDrained(), 60_000)
        clock.move(0)
      }
      if (scene.load === undefined) await back()
      else await scene.load.hold(back)
    },
  }
}

async function pauseTicks({ app, metronomes }: ChaosScene): Promise<void> {
  for (const { name } of metronomes) await app.control.schedules.pause(name)
}
