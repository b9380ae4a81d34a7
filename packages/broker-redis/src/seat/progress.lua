-- Tells the waiters of a running job how far it is. Refused when the seat no longer holds it under that token.
-- returns 1, or 0 when refused
-- errors: MILLRACE FENCED
-- repeat: tells them again
--@flags allow-oom
--@keys waiters
--@families seat channel
--@args layout name token id value
local H = redis.call('HMGET', seat_ .. name, 'lease', 't' .. token, 'dying')
if not H[1] or H[3] then return redis.error_reply('MILLRACE FENCED') end
local text = H[2]
if not text or not text:find(' ' .. id .. ' ', 1, true) then return 0 end
local clients = redis.call('HGET', waiters, id)
if clients then
  for client in clients:gmatch('%S+') do redis.call('PUBLISH', channel_ .. client, 'P' .. id .. '\n' .. value) end
end
return 1
