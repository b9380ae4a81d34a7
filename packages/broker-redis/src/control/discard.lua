-- Removes a failed job for good.
-- returns 'discarded' | 'not-failed' | 'unknown'
-- repeat: 'unknown'
--@flags allow-oom
--@include clock
--@include layout
--@include forget
--@args layout id
local refused = checkLayout(redis.call('HGET', meta, 'layout'))
if refused then return refused end
if not redis.call('ZSCORE', failed, id) then
  return redis.call('HEXISTS', jobs, id) == 1 and 'not-failed' or 'unknown'
end
forget({ id })
return 'discarded'
