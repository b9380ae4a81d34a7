import type { Broker, BrokerScope } from '@millrace/broker'
import { RedisControl } from './control/redis-control.js'
import { RedisDispatch } from './dispatch/redis-dispatch.js'
import { Engine } from './engine.js'
import { RedisProducer } from './enqueue/enqueue.js'
import { RedisFsck } from './fsck/redis-fsck.js'
import { RedisInspect } from './inspect/redis-inspect.js'
import type { RedisTarget } from './link/address.js'
import { makeClient } from './link/address.js'
import { LaneRegistry } from './registry/lane-registry.js'
import { RedisResults } from './results/redis-results.js'
import type { Retention } from './retention.js'
import { DEFAULT_RETENTION } from './retention.js'
import { RedisSchedules } from './schedules/redis-schedules.js'
import { RedisConsumer } from './seat/redis-consumer.js'
import { RedisSignIns } from './sign-in/redis-sign-ins.js'
import { Waiter } from './wait/waiter.js'

export interface RedisBrokerOptions extends BrokerScope {
  /** `redis://`, `rediss://`, `redis+sentinel://h1,h2/primary`, `redis+cluster://h1,h2`, or ioredis options. */
  readonly url: RedisTarget
  /** What is kept of what is over; see `Retention` for defaults. */
  readonly retention?: Partial<Retention>
}

/**
 * The native engine on Redis 7.0 or newer, or Valkey. Connects when first used.
 * Errors: `InvalidOptionError` for an address it cannot read.
 */
export function openRedisBroker(options: RedisBrokerOptions): Broker {
  const target = options.url
  // Made and thrown away: a wrong address is refused here, not at the first call.
  makeClient(target).disconnect(false)
  const engine = new Engine({ prefix: options.prefix ?? 'millrace', app: options.app }, target)
  const registry = new LaneRegistry(engine)
  const waiter = new Waiter(engine)
  const results = new RedisResults(engine)
  const retention = { ...DEFAULT_RETENTION, ...options.retention }
  const consumer = new RedisConsumer(engine, registry, { waiter, retention })
  return {
    kind: 'redis',
    shared: true,
    producer: new RedisProducer(engine, registry, results),
    consumer,
    dispatch: new RedisDispatch({ engine, registry, waiter, retention }),
    results,
    control: new RedisControl(engine),
    inspect: new RedisInspect(engine, registry),
    signIns: new RedisSignIns(engine),
    schedules: new RedisSchedules(engine),
    fsck: new RedisFsck(engine),
    async close() {
      results.close()
      consumer.close()
      waiter.close()
      engine.link.close()
    },
  }
}
