import type { Broker } from '@millrace/broker'
import { defineTask, type Logger, systemClock, type TaskOptions, TaskRegistry } from '@millrace/core'
import { type ClientOptions, createClient } from '../src/client.js'
import type { EnqueueMiddleware } from '../src/ports/enqueue-middleware.js'
import type { Task } from '../src/task.js'

const silent: Logger = {
  trace: () => {},
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
  fatal: () => {},
  child: () => silent,
}

/** A client over a broker, with `define` as the facade has it, untyped. */
export function testClient(broker: Broker, options: Partial<ClientOptions> = {}) {
  const registry = new TaskRegistry()
  const enqueueMiddleware: EnqueueMiddleware[] = []
  const client = createClient({
    broker: async () => broker,
    maxInputBytes: 1024 * 1024,
    codec: undefined,
    enqueueMiddleware,
    clock: systemClock,
    lanes: () => 1,
    registry,
    logger: silent,
    ...options,
  })
  const define = (name: string, given: TaskOptions = {}): Task<unknown, unknown, unknown, unknown> => {
    const definition = defineTask(name, given)
    registry.add(definition)
    return client.task(definition)
  }
  return { client, define, enqueueMiddleware }
}
