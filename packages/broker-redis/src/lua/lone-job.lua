-- The way of a lone ordinary job on a lane where nothing sparse is. It stands before the definitions of the general case and, where the job
-- is handed over, makes none of its own, and asks Redis as little as it can: on an idle server both cost several times what the job does.
-- Falls through, with nothing written, where it does not apply.
--@keys urgent background suspects solo sessionsByAge door workers
--@families seat channel
repeat
  if not alone then break end
  local still = redis.call('EXISTS', tombs, ready, urgent, background, suspects, solo) == 0
  if not still and redis.call('EXISTS', tombs) == 1 then break end
  local id, message = ARGV[REST], ARGV[REST + 1]
  local T = (still or refresh) and redis.call('TIME')
  if refresh then redis.call('ZADD', sessionsByAge, T[1] * 1000, session) end
  redis.call('HSET', jobs, id, message)
  local told = waiter == '' or redis.pcall('HSET', waiters, id, ' ' .. waiter .. ' ')
  -- Handed to the seat that stands at the door longest, if there is one: held by it from now on, as if an exchange had taken it.
  -- Who stands there lives: a seat leaves the door in the step in which it ends, or begins to be reclaimed.
  local called = still and not M[4] and #message <= 8192 and redis.pcall('ZPOPMIN', door) or {}
  local problem = type(told) == 'table' and told or called.err and called
  local lease, seat, token
  if called[1] then
    lease, seat = called[1]:match('^(%d+) (.*)$')
    token = string.format('%.0f', math.max((M[5] or 0) + 1, T[1] * 1000000 + T[2]))
    local held = redis.pcall('HSET', seat_ .. seat, 't' .. token, ' ' .. id .. ' ')
    local leased = redis.pcall('ZADD', workers, T[1] * 1000 + math.floor(T[2] / 1000) + lease, seat)
    local noted = redis.pcall('HSET', meta, 'token', token, field, number .. ':')
    problem = problem or type(held) == 'table' and held or type(leased) == 'table' and leased or type(noted) == 'table' and noted
    if not problem then
      local heard = redis.pcall('PUBLISH', channel_ .. 'seat:' .. seat, (waiter == '' and '' or '!') .. token .. ' ' .. id .. ' ' .. message)
      if type(heard) == 'number' and heard > 0 then return '' end
    end
  end
  -- The usual way; where nobody hears it too (the seat's process is gone).
  if not problem then
    local ok
    ok, problem = pcall(function()
      if seat then redis.call('HDEL', seat_ .. seat, 't' .. token) end
      local waiting = redis.call('RPUSH', ready, id)
      if redis.call('EXISTS', wake) == 0 then redis.call('RPUSH', wake, '1') end
      redis.call('HSET', meta, field, number .. (waiting > 1 and '*:' or ':'))
    end)
    if ok then return '' end
  end
  redis.call('LREM', ready, -1, id)
  if seat then
    redis.call('HDEL', seat_ .. seat, 't' .. token)
    redis.call('ZADD', door, called[2], called[1])
    redis.call('HSET', meta, field, M[2])
  end
  if waiter ~= '' then redis.call('HDEL', waiters, id) end
  redis.call('HDEL', jobs, id)
  error(problem, 0)
until true
