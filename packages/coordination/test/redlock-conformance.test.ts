import { afterAll, beforeAll, describe } from 'vitest'
import { coordinatorConformance } from '../src/conformance/index.js'
import { redlockCoordinator } from '../src/redlock/redlock-coordinator.js'
import { RedisServer, whyNoRedis } from './redis-server.js'

for (const count of [1, 3]) {
  describe.skipIf(whyNoRedis !== undefined)(whyNoRedis ?? `redlock over ${count}`, () => {
    let servers: RedisServer[] = []
    beforeAll(async () => {
      servers = await Promise.all(Array.from({ length: count }, () => RedisServer.start()))
    })
    afterAll(async () => {
      await Promise.all(servers.map((server) => server.kill()))
    })
    coordinatorConformance(`redlock over ${count}`, {
      create: () => redlockCoordinator({ servers: servers.map((server) => server.url), prefix: 'test' }),
    })
  })
}
