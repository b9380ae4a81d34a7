-- Brings a failed job back: `failed` → `ready`, attempts, crashes and expiry forgotten, its history kept.
-- returns 'retried' | 'not-failed' | 'unknown'
-- repeat: 'not-failed'
--@include clock
--@include layout
--@include ready
--@keys failed attempts crashes jobs attrs
--@families result
--@args layout id
local refused = checkLayout(redis.call('HGET', meta, 'layout'))
if refused then return refused end
if redis.call('ZREM', failed, id) == 0 then
  return redis.call('HEXISTS', jobs, id) == 1 and 'not-failed' or 'unknown'
end
redis.call('HDEL', attempts, id)
redis.call('HDEL', crashes, id)
redis.call('DEL', result_ .. id)
local a = decodeAttrs(redis.call('HGET', attrs, id))
if a and a.x then
  a.x = nil
  if next(a) == nil then redis.call('HDEL', attrs, id) else redis.call('HSET', attrs, id, cjson.encode(a)) end
end
pushOne(id, a, false)
arm()
return 'retried'
