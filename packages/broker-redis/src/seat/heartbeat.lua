-- Extends the lease of a seat.
-- returns { cancelled ids, how many tokens the seat holds }
-- errors: MILLRACE FENCED
-- repeat: extends it again
--@flags allow-oom
--@include clock
--@include sparse
--@include describe
--@include lease
--@include ticket
--@keys workers meta
--@families seat
--@args layout name
local H = redis.call('HMGET', seat_ .. name, 'lease', 'dying')
if not H[1] or H[2] then return redis.error_reply('MILLRACE FENCED') end
local tokens = 0
for _, field in ipairs(redis.call('HKEYS', seat_ .. name)) do
  if field:sub(1, 1) == 't' then tokens = tokens + 1 end
end
redis.call('ZADD', workers, leaseEnd(H[1], tokens > 0), name)
local M = redis.call('HMGET', meta, 'seen', 'gap', 'thawed', 'drainer')
local fields = aliveFields(M[1], M[2], M[3])
local holder, since = ticketOf(M[4])
if holder == name then
  fields[#fields + 1] = 'drainer'
  fields[#fields + 1] = ticketFor(name, since)
end
redis.call('HSET', meta, unpack(fields))
return { cancelledHere(), tokens }
