import type { Broker, BrokerScope } from '@millrace/broker'
import { type Clock, checkName, systemClock } from '@millrace/core'
import { Connection } from './connection.js'
import { MemoryConsumer } from './consume/memory-consumer.js'
import { MemoryControl } from './control/memory-control.js'
import { MemoryDispatch } from './dispatch/memory-dispatch.js'
import { MemoryProducer } from './produce/memory-producer.js'
import { MemoryInspect } from './read/memory-inspect.js'
import { MemoryResults } from './read/memory-results.js'
import { MemorySchedules } from './schedules/memory-schedules.js'
import { MemorySignIns } from './sign-in/memory-sign-ins.js'
import { acquireStore, releaseStore } from './store/store-registry.js'

export interface MemoryBrokerOptions extends BrokerScope {
  /** The store's clock; default the system's. Where a store is open already, its clock stays. */
  readonly clock?: Clock
}

/**
 * A broker in the memory of this process, for tests and scripts. All brokers that are open on one app (and prefix,
 * default `millrace`) see the same jobs; they are gone when the last one is closed. Other processes see nothing of them.
 *
 * @throws InvalidNameError for a bad app name
 */
export function openMemoryBroker(options: MemoryBrokerOptions): Broker {
  const { prefix = 'millrace', clock = systemClock } = options
  const key = `${prefix}:${checkName('app', options.app)}`
  const connection = new Connection(acquireStore(key, clock))
  return {
    kind: 'memory',
    shared: false,
    producer: new MemoryProducer(connection),
    consumer: new MemoryConsumer(connection),
    dispatch: new MemoryDispatch(connection),
    results: new MemoryResults(connection),
    control: new MemoryControl(connection),
    inspect: new MemoryInspect(connection),
    signIns: new MemorySignIns(connection),
    schedules: new MemorySchedules(connection),
    async close() {
      if (connection.closed.aborted) return
      connection.close()
      releaseStore(key)
    },
  }
}
