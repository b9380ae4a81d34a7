/*
 * KEYS[1] lock   KEYS[2] fencing tokens   ARGV[1] holder   ARGV[2] ttl ms
 * Sets the lock if it is free, and then draws a fencing token: larger than any that this server knows, and at least its time in ms, so that
 * tokens go on growing after it has restarted empty. Replies with who holds the lock now, for how many ms (at least 1; -1: no end), and the
 * token, 0 where the lock is another's.
 * A full server gives it too: without a leader nothing would drain what fills it.
 */
export const TAKE_SCRIPT = `#!lua flags=allow-oom
if redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) then
  local time = redis.call('TIME')
  local token = math.max(tonumber(redis.call('GET', KEYS[2]) or '0') + 1, time[1] * 1000 + math.floor(time[2] / 1000))
  redis.call('SET', KEYS[2], string.format('%.0f', token))
  return {ARGV[1], tonumber(ARGV[2]), string.format('%.0f', token)}
end
local left = redis.call('PTTL', KEYS[1])
if left == 0 then left = 1 end
return {redis.call('GET', KEYS[1]) or '', left, '0'}
`
