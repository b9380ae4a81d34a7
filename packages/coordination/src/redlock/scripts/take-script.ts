/*
 * KEYS[1] lock   ARGV[1] token   ARGV[2] ttl ms
 * Sets the lock if it is free. Replies with who holds it now, and for how many ms (at least 1; -1: no end).
 * A full server gives it too: without a leader nothing would drain what fills it.
 */
export const TAKE_SCRIPT = `#!lua flags=allow-oom
if redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) then return {ARGV[1], tonumber(ARGV[2])} end
local left = redis.call('PTTL', KEYS[1])
if left == 0 then left = 1 end
return {redis.call('GET', KEYS[1]) or '', left}
`
