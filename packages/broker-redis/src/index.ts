export type { RedisTarget } from './link/address.js'
export type { RedisBrokerOptions } from './redis-broker.js'
export { openRedisBroker } from './redis-broker.js'
export type { Retention } from './retention.js'
