-- Ends a lone job that was handed over at the door and has succeeded, ahead of the exchange that settles it: who waits for it is told
-- after as few steps as can be. That exchange counts it and lets go of its token, under which nothing is left; where none comes any more,
-- whoever takes the token from the seat counts it (lua/ended-ahead.lua).
-- returns 1, or 0 when the seat does not hold it under that token: then the exchange decides
-- repeat: finds nothing to do
-- failing half-way: the exchange does it all
--@flags allow-oom
--@families seat
--@args layout name token id keep output
local seatKey = seat_ .. name
local H = redis.call('HMGET', seatKey, 'dying', 't' .. token)
if H[1] or H[2] ~= ' ' .. id .. ' ' then return 0 end
--@include tell
--@keys jobs waiters
local clients = redis.call('HGET', waiters, id)
tell(id, clients, 'S' .. output, tonumber(keep))
redis.call('HDEL', jobs, id)
if clients then redis.call('HDEL', waiters, id) end
redis.call('HSET', seatKey, 't' .. token, ' ')
return 1
