import type { Operation } from './operation.js'

/**
 * Redis forgets everything, by FLUSHALL or by a restart without its files. The producer holds still meanwhile, so that it is known
 * which jobs are gone.
 */
export const emptyRedis: Operation = {
  name: 'empty Redis',
  async strike(scene, { choice }) {
    const { redis, producer } = scene
    const empty = async () => {
      if (choice < 0.5) await redis.ask((client) => client.flushall())
      else {
        await redis.kill()
        redis.removeFiles()
        await redis.restart()
      }
      producer.ledger.voidAll()
      scene.storeLoss = { how: 'emptied', at: [...(scene.storeLoss?.at ?? []), Date.now()] }
    }
    if (scene.load === undefined) await empty()
    else await scene.load.hold(empty)
  },
}
