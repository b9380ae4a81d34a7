-- Makes a delayed or retrying job wait `delay` ms from now.
-- returns 'postponed' | 'not-waiting' | 'unknown'
-- repeat: counts from the repeat on
--@flags allow-oom
--@include clock
--@include layout
--@include due
--@keys due jobs
--@args layout id delay
local refused = checkLayout(redis.call('HGET', meta, 'layout'))
if refused then return refused end
if not redis.call('ZSCORE', due, id) then
  return redis.call('HEXISTS', jobs, id) == 1 and 'not-waiting' or 'unknown'
end
schedule(NOW + tonumber(delay), id)
return 'postponed'
