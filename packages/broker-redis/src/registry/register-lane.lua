-- Makes a lane known to the app before the first write to it, and tells the dispatcher.
-- returns 1 when it was new
-- repeat: changes nothing
--@flags allow-oom
--@appkeys lanes alarm
--@args lane
local new = redis.call('SADD', lanes, lane)
if new == 1 and redis.call('EXISTS', alarm) == 0 then redis.call('RPUSH', alarm, '1') end
return new
