-- Removes failed jobs for good. At most 1,000 ids, all of them in `failed`.
--@include clock
--@include ready
--@keys failed jobs attrs attempts crashes history seen
--@keys reports
--@families result join report
local function forget(ids)
  local as = redis.call('HMGET', attrs, unpack(ids))
  for i = 1, #ids do
    local a = decodeAttrs(as[i])
    if a and a.n then redis.call('ZADD', seen, NOW, ids[i]) end
    if a and a.w then redis.call('DEL', join_ .. ids[i]) end
    redis.call('DEL', result_ .. ids[i], report_ .. ids[i])
  end
  for _, key in ipairs({ attempts, crashes, history, attrs, jobs }) do redis.call('HDEL', key, unpack(ids)) end
  redis.call('ZREM', reports, unpack(ids))
  redis.call('ZREM', failed, unpack(ids))
end
