export type { MemoryBrokerOptions } from './memory-broker.js'
export { openMemoryBroker } from './memory-broker.js'
