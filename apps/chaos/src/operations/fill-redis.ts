import { pause } from '../run/until.js'
import type { Operation } from './operation.js'

/** The memory that Redis may use is used up: what adds is refused, what drains must go on. */
export const fillRedis: Operation = {
  name: 'fill Redis',
  async strike({ redis }, { lastsMs }) {
    await redis.ask(async (client) => {
      await client.config('SET', 'maxmemory', '1mb')
      await pause(lastsMs)
      await client.config('SET', 'maxmemory', '0')
    })
  },
}
