import { pause, until } from '../run/until.js'
import type { Operation } from './operation.js'

/** The memory that Redis may use is used up, until a call was refused at least: what adds is refused, what drains must go on. */
export const fillRedis: Operation = {
  name: 'fill Redis',
  async strike({ redis, producer }, { lastsMs }) {
    const before = producer.ledger.refused
    await redis.ask(async (client) => {
      await client.config('SET', 'maxmemory', '1mb')
      await pause(lastsMs)
      await until('a call was refused', () => producer.ledger.refused > before)
      await client.config('SET', 'maxmemory', '0')
    })
  },
}
