-- The way of a lone ordinary job of a session whose last one found others waiting: these are taken to wait still, and nobody is looked for
-- at the door. Should that be wrong, the job is alone in `ready`, its wake token reaches those at the door too, and the next one looks again.
-- It stands before all else and names no key that it does not need: a script's names and functions cost as much as what it asks of Redis.
-- Hence no function that is guarded either: what Redis answers is looked at. Falls through, with nothing written, where it does not apply.
--@keys jobs ready wake tombs waiters
local alone = plain == '1' and not ARGV[REST + 2] and M[1] == layout and (#ARGV[REST + 1] <= 4096 or #ARGV[REST + 1] <= tonumber(M[3] or '0'))
if alone and busy ~= '' and not refresh and redis.call('EXISTS', tombs) == 0 then
  local id = ARGV[REST]
  redis.call('HSET', jobs, id, ARGV[REST + 1])
  local told = waiter == '' or redis.pcall('HSET', waiters, id, ' ' .. waiter .. ' ')
  local waiting = redis.pcall('RPUSH', ready, id)
  local armed = redis.pcall('EXISTS', wake)
  if armed == 0 then armed = redis.pcall('RPUSH', wake, '1') end
  local problem = type(told) == 'table' and told or type(waiting) == 'table' and waiting or type(armed) == 'table' and armed
  if not problem then
    local noted = redis.pcall('HSET', meta, field, number .. (waiting > 1 and '*:' or ':'))
    if type(noted) ~= 'table' then return '' end
    problem = noted
  end
  redis.call('LREM', ready, -1, id)
  if waiter ~= '' then redis.call('HDEL', waiters, id) end
  redis.call('HDEL', jobs, id)
  error(problem, 0)
end
