import { brokerConformance } from '@millrace/broker/conformance'
import { startRedisServer } from '@millrace/embedded'
import { openRedisBroker } from './redis-broker.js'

const server = await startRedisServer()

brokerConformance('redis', {
  open: async ({ app }) => openRedisBroker({ app, url: server.url }),
  close: () => server.close(),
})
