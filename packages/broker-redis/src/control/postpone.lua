-- Makes a delayed or retrying job wait `delay` ms from now.
-- returns 'postponed' | 'not-waiting' | 'unknown'
-- repeat: counts from the repeat on
-- failing half-way: the dispatcher looks once for nothing
--@flags allow-oom
--@include clock
--@include layout
--@include due
--@keys due jobs
--@args layout id delay
local refused = checkLayout(redis.call('HGET', meta, 'layout'))
if refused then return refused end
local was, at = redis.call('ZSCORE', due, id), NOW + tonumber(delay)
if not was then
  return redis.call('HEXISTS', jobs, id) == 1 and 'not-waiting' or 'unknown'
end
-- Before the write: a repeat would find the job where it belongs already, and wake nobody.
if at < tonumber(was) then ring() end
schedule(at, id)
return 'postponed'
