import { RedisNode } from '../cast/redis-node.js'
import { pause } from '../run/until.js'
import type { Operation } from './operation.js'

/**
 * The primary dies by kill -9 and its replica takes over behind the same address. What the replica had not received is gone. Then a
 * new replica follows the new primary.
 */
export const failover: Operation = {
  name: 'fail over to the replica',
  async strike(scene, { lastsMs }) {
    const { replica, stage, proxies } = scene
    if (replica === undefined || proxies.length === 0) throw new Error('a failover needs a replica and proxies')
    // One that has not got the first copy is no candidate.
    await replica.follows()
    // All up to here has reached it: gone is only what comes between this and the kill.
    await scene.redis.ask((client) => client.ping().then(() => client.wait(1, 10_000)))
    const killedAt = Date.now()
    await scene.redis.kill()
    for (const proxy of proxies) proxy.refuse()
    scene.storeLoss = { how: 'failed over', at: [...(scene.storeLoss?.at ?? []), killedAt] }
    await pause(lastsMs)
    await replica.promote()
    scene.redis = replica
    for (const proxy of proxies) proxy.retarget(replica.port)
    for (const proxy of proxies) proxy.pass()
    const name = `replica-${scene.storeLoss.at.length}`
    scene.replica = await RedisNode.start(stage, { name, replicaOf: replica.port })
  },
}
