import type { Broker, Lane } from '@millrace/broker'
import type { RedisServer } from '@millrace/embedded'
import { startRedisServer } from '@millrace/embedded'
import { Redis } from 'ioredis'
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest'
import type { Keyspace } from '../src/keyspace.js'
import { openRedisBroker } from '../src/redis-broker.js'
import { instrumentScripts } from './instrumented-scripts.js'
import { auditLane } from './lane-audit.js'

/** A Redis of one test file's own. Each test finds it empty, with a broker on it. */
export interface OwnStore {
  readonly keyspace: Keyspace
  readonly raw: Redis
  readonly broker: Broker
  /** Closes the broker and opens another, as a process does that starts anew. */
  reopen(): Promise<void>
}

export interface OwnStoreOptions {
  /** The scripts' clock can be moved, and their calls made to fail. */
  readonly instrumented?: boolean
  /** A lane in which everything must be where it belongs after each test. */
  readonly audited?: Lane
}

/** To be called where a file's tests are collected. */
export function ownStore(app: string, { instrumented = false, audited }: OwnStoreOptions = {}): OwnStore {
  const keyspace = { prefix: 'millrace', app }
  let server: RedisServer
  let raw: Redis
  let broker: Broker
  const open = () => openRedisBroker({ app, url: server.url })
  beforeAll(async () => {
    if (instrumented) instrumentScripts()
    server = await startRedisServer()
    raw = new Redis(server.url)
  })
  afterAll(async () => {
    raw.disconnect()
    await server.close()
  })
  beforeEach(async () => {
    await raw.flushall()
    broker = open()
  })
  afterEach(async () => {
    await broker.close()
    if (audited !== undefined) expect((await auditLane(raw, keyspace, audited)).findings).toEqual([])
  })
  return {
    keyspace,
    get raw() {
      return raw
    },
    get broker() {
      return broker
    },
    async reopen() {
      await broker.close()
      broker = open()
    },
  }
}
