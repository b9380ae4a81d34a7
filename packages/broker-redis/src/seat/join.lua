-- Opens a seat: one incarnation of a worker in this lane. From here on the lane knows it; without one every call is FENCED.
-- returns 'OK'
-- errors: MILLRACE LAYOUT
-- repeat: joining again with the same name changes nothing
--@flags allow-oom
--@include clock
--@include layout
--@include due
--@keys workers
--@families seat
--@args layout name worker lease
local refused = checkLayout(redis.call('HGET', meta, 'layout'))
if refused then return refused end
-- The first lease of a lane: the dispatcher, asleep until something is due, must plan its sweep.
if redis.call('ZCARD', workers) == 0 then ring() end
if redis.call('HSETNX', seat_ .. name, 'lease', lease) == 1 then
  redis.call('HSET', seat_ .. name, 'worker', worker)
  redis.call('ZADD', workers, NOW + lease, name)
  redis.call('HSET', meta, 'seen', NOW)
end
return 'OK'
