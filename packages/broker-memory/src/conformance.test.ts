import { brokerConformance } from '@millrace/broker/conformance'
import { openMemoryBroker } from './index.js'

brokerConformance('memory', { open: async (scope) => openMemoryBroker(scope) })
