/*
 * KEYS[1] lock   ARGV[1] token   ARGV[2] ttl ms
 * Prolongs the lock if it is the token's own. A server that forgot the lock (restarted empty) is given it again, so that a
 * majority stays whole; one that holds another's token is left alone. 1: held for ttl from now. 0: another's.
 * A full server gives it too: without a leader nothing would drain what fills it.
 */
export const RENEW_SCRIPT = `#!lua flags=allow-oom
local holder = redis.call('GET', KEYS[1])
if holder == ARGV[1] then return redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
if not holder then
  redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
  return 1
end
return 0
`
