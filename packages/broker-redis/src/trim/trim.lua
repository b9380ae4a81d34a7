-- Bounds what a lane keeps, at most about 1,000 entries a call, and arms the wake token again if it was lost.
-- failedMs, failedCount: age and number of failed jobs; seenMs: how long ended named ids are remembered;
-- parkedMs: how long a job waits for others before it expires
-- returns { trimmed, 1 when more is left }
-- errors: MILLRACE LAYOUT, STALE
-- repeat: trims the next ones
-- failing half-way: an entry without a message, or a session without an age, which the repeat removes
--@flags allow-oom
--@include epoch
--@include finish
--@include forget
--@keys failed seen sessionsByAge meta parked ready urgent background suspects solo
--@args layout epoch failedMs failedCount seenMs parkedMs sessionMs
local trimmed, more = 0, 0
local old = redis.call('ZRANGEBYSCORE', failed, '-inf', NOW - failedMs, 'LIMIT', 0, 500)
if #old == 0 then
  local surplus = redis.call('ZCARD', failed) - failedCount
  if surplus > 0 then old = redis.call('ZRANGE', failed, 0, math.min(surplus, 500) - 1) end
end
if #old > 0 then forget(old) end
if #old == 500 then more = 1 end

local ids = redis.call('ZRANGEBYSCORE', seen, '-inf', NOW - seenMs, 'LIMIT', 0, 1000)
if #ids > 0 then redis.call('ZREM', seen, unpack(ids)) end
if #ids == 1000 then more = 1 end

local gone = redis.call('ZRANGEBYSCORE', sessionsByAge, '-inf', NOW - sessionMs, 'LIMIT', 0, 500)
if #gone > 0 then
  local fields = {}
  for i = 1, #gone do fields[i] = 's:' .. gone[i] end
  redis.call('HDEL', meta, unpack(fields))
  redis.call('ZREM', sessionsByAge, unpack(gone))
end
if #gone == 500 then more = 1 end

local waiting = redis.call('ZRANGEBYSCORE', parked, '-inf', NOW - parkedMs, 'LIMIT', 0, 500)
if #waiting > 0 then
  finish(waiting, 'X')
  redis.call('ZREM', parked, unpack(waiting))
end
if #waiting == 500 then more = 1 end

trimmed = #old + #ids + #gone + #waiting
if redis.call('EXISTS', ready, urgent, background, suspects, solo) > 0 then arm() end
return { trimmed, more }
