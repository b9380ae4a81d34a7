import type { CallOptions, HeartbeatReply, Heartbeats, Lane } from '@millrace/broker'
import { Engine } from '../engine.js'
import type { Keyspace } from '../keyspace.js'
import type { RedisTarget } from '../link/address.js'
import { beat } from './redis-seat.js'

/** Run by the lease keeper thread: heartbeats on a connection of their own, whatever the main thread is doing. */
export function openHeartbeats(options: unknown): Heartbeats {
  const { keyspace, target } = options as { keyspace: Keyspace; target: RedisTarget }
  const engine = new Engine(keyspace, target)
  return {
    beat(lane: Lane, incarnation: string, call: CallOptions = {}): Promise<HeartbeatReply> {
      return beat(engine, lane, incarnation, call)
    },
    async close() {
      engine.link.close()
    },
  }
}
