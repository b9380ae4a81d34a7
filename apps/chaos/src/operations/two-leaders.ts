import { APP } from '../cast/chaos-scene.js'
import { electionKey, termKey } from '../check/store-keys.js'
import { pause } from '../run/until.js'
import type { Operation } from './operation.js'

const AGAIN_MS = 50
/** A candidate tries each 3 s or so. */
const GIVE_UP_MS = 20_000

/**
 * The lock server forgets the election's lock, again and again: another candidate wins while the one before still believes in its
 * term, until its next renewal. Both dispatch. It lasts until another term has begun.
 */
export const twoLeaders: Operation = {
  name: 'force two leaders',
  async strike({ redis }, { lastsMs }) {
    const from = performance.now()
    await redis.ask(async (client) => {
      const epoch = () => client.hget(termKey(APP), 'epoch')
      const before = await epoch()
      for (let forMs = 0, changed = false; forMs < lastsMs || (!changed && forMs < GIVE_UP_MS); ) {
        await client.del(electionKey(APP))
        await pause(AGAIN_MS)
        changed ||= (await epoch()) !== before
        forMs = performance.now() - from
      }
    })
  },
}
