-- Takes a client off the waiters of a job.
-- returns 'OK'
-- repeat: changes nothing
--@flags allow-oom
--@keys waiters
--@args layout id client
local clients = redis.call('HGET', waiters, id)
if clients then
  local from, to = clients:find(' ' .. client .. ' ', 1, true)
  if from then clients = clients:sub(1, from) .. clients:sub(to + 1) end
  if clients == ' ' then redis.call('HDEL', waiters, id) else redis.call('HSET', waiters, id, clients) end
end
return 'OK'
