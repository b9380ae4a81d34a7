import { pause } from '../run/until.js'
import type { Operation } from './operation.js'

/** SIGSTOP of Redis, then SIGCONT: nobody can renew a lease meanwhile, and nobody may lose one by it. */
export const freezeRedis: Operation = {
  name: 'freeze and thaw Redis',
  async strike({ redis }, { lastsMs }) {
    redis.freeze()
    await pause(lastsMs)
    redis.thaw()
  },
}
