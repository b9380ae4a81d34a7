-- Opens a session of a producer: its calls are then numbered 1, 2, 3… and a repeat is answered, not repeated.
-- Bounded: beyond 10,000 sessions the ones unused for longest go; an hour unused goes anyway (trim). No call lives that
-- long: its deadline is far shorter.
-- returns 'OK'
-- repeat: the same session again is left as it is
--@include clock
--@include layout
--@keys sessions sessionsByAge
--@args layout session
local refused = checkLayout(redis.call('HGET', meta, 'layout'))
if refused then return refused end
if redis.call('HSETNX', sessions, session, '0:' .. NOW .. ':') == 1 then
  redis.call('ZADD', sessionsByAge, NOW, session)
  if redis.call('ZCARD', sessionsByAge) > 10000 then
    local oldest = redis.call('ZPOPMIN', sessionsByAge, 10)
    for i = 1, #oldest, 2 do redis.call('HDEL', sessions, oldest[i]) end
  end
end
return 'OK'
