/*
 * KEYS[1] lock   KEYS[2] fencing tokens   ARGV[1] holder   ARGV[2] ttl ms   ARGV[3] token
 * Prolongs the lock if it is the holder's own. A server that forgot the lock (restarted empty) is given it again with its token, so that a
 * majority stays whole; one that names another holder is left alone. 1: held for ttl from now. 0: another's.
 * A full server gives it too: without a leader nothing would drain what fills it.
 */
export const RENEW_SCRIPT = `#!lua flags=allow-oom
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
if not holder and tonumber(redis.call('GET', KEYS[2]) or '0') < tonumber(ARGV[3]) then redis.call('SET', KEYS[2], ARGV[3]) end
return 1
`
