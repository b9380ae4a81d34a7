-- Makes a delayed or retrying job ready now.
-- returns 'promoted' | 'not-waiting' | 'unknown'
-- repeat: 'not-waiting'
-- failing half-way: the job is still, or again, in `due`
--@include clock
--@include layout
--@include ready
--@keys due jobs attrs
--@args layout id
local refused = checkLayout(redis.call('HGET', meta, 'layout'))
if refused then return refused end
if redis.call('ZREM', due, id) == 0 then
  return redis.call('HEXISTS', jobs, id) == 1 and 'not-waiting' or 'unknown'
end
pushMany({ id }, false)
return 'promoted'
