-- Opens a session of a producer: its calls are then numbered 1, 2, 3… and a repeat is answered, not repeated.
-- Bounded: beyond 10,000 sessions the ones unused for longest go; an hour unused goes anyway (trim). No call lives that
-- long: its deadline is far shorter.
-- returns 'OK'
-- repeat: the same session again is left as it is
--@include clock
--@include layout
--@keys sessionsByAge meta
--@args layout session
local refused = checkLayout(redis.call('HGET', meta, 'layout'))
if refused then return refused end
-- The age first: a session that none would find could never be trimmed.
if redis.call('ZADD', sessionsByAge, 'NX', NOW, session) == 1 and redis.call('ZCARD', sessionsByAge) > 10000 then
  local oldest = redis.call('ZRANGE', sessionsByAge, 0, 9)
  local fields = {}
  for i = 1, #oldest do fields[i] = 's:' .. oldest[i] end
  redis.call('HDEL', meta, unpack(fields))
  redis.call('ZREM', sessionsByAge, unpack(oldest))
end
redis.call('HSETNX', meta, 's:' .. session, '0:')
return 'OK'
