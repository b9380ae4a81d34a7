-- When the dispatcher must look at this lane again.
-- returns { now, next due time or -1, when to sweep for expired leases or -1, outbox length }
-- errors: MILLRACE LAYOUT, STALE
-- repeat: harmless
--@flags allow-oom
--@include epoch
--@keys due workers dying outbox
--@families seat
--@args layout epoch
local first = redis.call('ZRANGE', due, 0, 0, 'WITHSCORES')
local lease = redis.call('ZRANGE', workers, 0, 0, 'WITHSCORES')
local sweep = -1
if redis.call('EXISTS', dying) == 1 then
  sweep = NOW
elseif lease[1] then
  -- No more than a quarter of a lease without a sign that the store is alive, see reclaim-expired: a sweep leaves one.
  -- Counted from the last sign, not from now: looking at the agenda must not postpone the sweep.
  local length = tonumber(redis.call('HGET', seat_ .. lease[1], 'lease') or '1000')
  sweep = math.min(tonumber(lease[2]), math.max(NOW, tonumber(M[3] or '0') + math.max(100, length / 4)))
end
return { num(NOW), first[2] or '-1', num(sweep), redis.call('XLEN', outbox) }
