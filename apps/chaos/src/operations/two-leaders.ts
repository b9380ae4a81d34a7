import { APP } from '../cast/chaos-scene.js'
import { electionKey } from '../check/store-keys.js'
import { pause } from '../run/until.js'
import type { Operation } from './operation.js'

const AGAIN_MS = 50

/**
 * The lock server forgets the election's lock, again and again: another candidate wins while the one before still believes in its
 * term, until its next renewal. Both dispatch.
 */
export const twoLeaders: Operation = {
  name: 'force two leaders',
  async strike({ redis }, { lastsMs }) {
    const until = performance.now() + lastsMs
    await redis.ask(async (client) => {
      while (performance.now() < until) {
        await client.del(electionKey(APP))
        await pause(AGAIN_MS)
      }
    })
  },
}
