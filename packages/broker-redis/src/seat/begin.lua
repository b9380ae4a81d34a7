-- Notes that the handler of a job that crashed before is about to be entered: should the seat's lease end, the crash is counted to it.
-- A seat holds one such job at a time, so it has one note, its field `begun`: '<token>:<id>'. It is good while that token holds that id.
-- returns 1, or 0 when the seat no longer holds the job under that token
-- errors: MILLRACE FENCED
-- repeat: notes it again
--@flags allow-oom
--@families seat
--@args layout name token id
local H = redis.call('HMGET', seat_ .. name, 'lease', 'dying', 't' .. token)
if not H[1] or H[2] then return redis.error_reply('MILLRACE FENCED') end
if not H[3] or not H[3]:find(' ' .. id .. ' ', 1, true) then return 0 end
redis.call('HSET', seat_ .. name, 'begun', token .. ':' .. id)
return 1
