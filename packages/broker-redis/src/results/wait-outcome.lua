-- Registers a client as waiter of a job, or says how it ended.
-- returns 'E<outcome>' (ended) | 'W' (registered) | 'G' (gone: nothing is left, or it never was)
-- repeat: registers once
--@flags allow-oom
--@include outcome
--@keys jobs waiters
--@args layout id client
local outcome = outcomeOf(id)
if outcome then return 'E' .. outcome end
if redis.call('HEXISTS', jobs, id) == 0 then return 'G' end
local clients = redis.call('HGET', waiters, id) or ' '
if not clients:find(' ' .. client .. ' ', 1, true) then redis.call('HSET', waiters, id, clients .. client .. ' ') end
return 'W'
