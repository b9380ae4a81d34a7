export { type DevRedis, type DevRedisKind, type DevRedisOptions, openDevRedis } from './dev-redis.js'
export { findRedisServer } from './find-redis-server.js'
export { type RedisServer, type RedisServerOptions, startRedisServer } from './redis-server.js'
