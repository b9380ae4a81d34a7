-- Brings a failed job back: `failed` → `ready`, attempts, crashes and expiry forgotten, its history kept. One that has not all of
-- its inputs waits for them anew: `failed` → `scheduled`; an upstream job that is retried brings them.
-- returns 'retried' | 'not-failed' | 'unknown'
-- repeat: 'not-failed'
-- failing half-way: the job is still failed, its attempts forgotten, or waits in `due`
--@include clock
--@include layout
--@include ready
--@keys failed parked attempts crashes jobs attrs
--@families result join
--@args layout id
local refused = checkLayout(redis.call('HGET', meta, 'layout'))
if refused then return refused end
if not redis.call('ZSCORE', failed, id) then
  return redis.call('HEXISTS', jobs, id) == 1 and 'not-failed' or 'unknown'
end
redis.call('HDEL', attempts, id)
redis.call('HDEL', crashes, id)
redis.call('DEL', result_ .. id)
local a = decodeAttrs(redis.call('HGET', attrs, id))
if a and a.x then
  local rest = {}
  for k, v in pairs(a) do
    if k ~= 'x' then rest[k] = v end
  end
  if next(rest) == nil then redis.call('HDEL', attrs, id) else redis.call('HSET', attrs, id, cjson.encode(rest)) end
end
if a and a.w and redis.call('HLEN', join_ .. id) < a.w then
  redis.call('ZADD', parked, NOW, id)
  redis.call('ZREM', failed, id)
else
  redis.call('ZREM', failed, id)
  pushMany({ id }, false)
end
return 'retried'
