-- Opens a seat: one incarnation of a worker in this lane. From here on the lane knows it; without one every call is FENCED.
-- returns 'OK'
-- errors: MILLRACE LAYOUT
-- repeat: joining again with the same name changes nothing
-- failing half-way: a lease without a seat, which the sweep removes
--@flags allow-oom
--@include clock
--@include layout
--@include due
--@include lease
--@keys workers
--@families seat
--@args layout name worker lease
local refused = checkLayout(redis.call('HGET', meta, 'layout'))
if refused then return refused end
if redis.call('HEXISTS', seat_ .. name, 'lease') == 1 then return 'OK' end
-- The first lease of a lane: the dispatcher, asleep until something is due, must plan its sweep.
if redis.call('ZCARD', workers) == 0 then ring() end
redis.call('ZADD', workers, leaseEnd(lease, false), name)
-- `begun` is there from the start: a seat without it belongs to a worker that writes no such note.
redis.call('HSET', seat_ .. name, 'lease', lease, 'worker', worker, 'begun', '', 'since', NOW)
return 'OK'
