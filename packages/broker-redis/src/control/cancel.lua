-- Cancels a job: at once where it waits, by asking where it runs.
-- A job in the `ready` list leaves a tombstone: its entry is skipped when it comes up (lua/ready.lua).
-- returns 'cancelled' | 'asked' | 'ended' | 'unknown'
-- repeat: 'ended' or 'asked'
-- failing half-way: the job is where it was, or it has ended and its entry is left, which is skipped when it comes up
--@flags allow-oom
--@include clock
--@include layout
--@include locate
--@include finish
--@keys cancels tombs seen suspects solo
--@families result
--@args layout id
local refused = checkLayout(redis.call('HGET', meta, 'layout'))
if refused then return refused end
local state, where = locate(id)
if state == 'unknown' then
  -- A cancel that failed on the way may have left something.
  sweepUp({ id })
  if redis.call('EXISTS', result_ .. id) == 1 or redis.call('ZSCORE', seen, id) then return 'ended' end
  return 'unknown'
end
if state == 'failed' then return 'ended' end
if state == 'running' then
  redis.call('HSET', cancels, id, NOW)
  return 'asked'
end
finish({ id }, 'C')
if where == suspects or where == solo then
  redis.call('LREM', where, 1, id)
elseif where then
  redis.call('ZREM', where, id)
else
  redis.call('SADD', tombs, id)
end
return 'cancelled'
