-- Makes due jobs ready, at most 1,000 a call, in order of their time.
-- returns { promoted, 1 when more are due }
-- errors: MILLRACE LAYOUT, STALE
-- repeat: promotes the next ones
-- failing half-way: who was not made ready is in `due` again
--@flags allow-oom
--@include epoch
--@include ready
--@keys due
--@args layout epoch
local ids = redis.call('ZRANGEBYSCORE', due, '-inf', NOW, 'LIMIT', 0, 1000)
if #ids > 0 then
  redis.call('ZREM', due, unpack(ids))
  pushMany(ids, false)
end
return { #ids, #ids == 1000 and 1 or 0 }
