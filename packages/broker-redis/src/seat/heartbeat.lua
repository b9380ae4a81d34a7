-- Extends the lease of a seat.
-- returns { cancelled ids, how many tokens the seat holds }
-- errors: MILLRACE FENCED
-- repeat: extends it again
--@flags allow-oom
--@include clock
--@include sparse
--@include describe
--@keys workers meta
--@families seat
--@args layout name
local H = redis.call('HMGET', seat_ .. name, 'lease', 'dying')
if not H[1] or H[2] then return redis.error_reply('MILLRACE FENCED') end
redis.call('ZADD', workers, NOW + H[1], name)
redis.call('HSET', meta, 'seen', NOW)
local tokens = 0
for _, field in ipairs(redis.call('HKEYS', seat_ .. name)) do
  if field:sub(1, 1) == 't' then tokens = tokens + 1 end
end
return { cancelledHere(), tokens }
