import { pause } from '../run/until.js'
import type { Operation } from './operation.js'

/** kill -9 of Redis; it comes back under the same address with its append-only file. */
export const killRedis: Operation = {
  name: 'kill and restart Redis',
  async strike({ redis }, { lastsMs }) {
    await redis.kill()
    await pause(lastsMs)
    await redis.restart()
  },
}
