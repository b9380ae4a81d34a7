-- The way of a lone ordinary job on a lane where nothing sparse is. It stands before the definitions of the general case and makes
-- none of its own, and asks Redis as little as it can: on an idle server both cost several times what the job does. Falls through, with
-- nothing written, where it does not apply.
--@keys jobs ready urgent background suspects solo sessionsByAge wake tombs door workers waiters
--@families seat channel
repeat
  local id, message = ARGV[REST], ARGV[REST + 1]
  if plain ~= '1' or ARGV[REST + 2] or M[1] ~= layout or (#message > 4096 and #message > tonumber(M[3] or '0')) then break end
  -- Where the session's last lone job found others waiting, these are taken to wait still, and nobody is looked for at the door. Should
  -- that be wrong, the job is alone in `ready`, its wake token reaches those at the door too, and the next one looks again.
  local still = (busy == '' or refresh) and redis.call('EXISTS', tombs, ready, urgent, background, suspects, solo) == 0
  if not still and redis.call('EXISTS', tombs) == 1 then break end
  local called, lease, seat, token, noted, waiting
  local ok, problem = pcall(function()
    -- Handed to the seat that stands at the door longest, if there is one: held by it from now on, as if an exchange had taken it.
    -- Who stands there lives: a seat leaves the door in the step in which it ends, or begins to be reclaimed.
    called = still and not M[4] and #message <= 8192 and redis.call('ZPOPMIN', door) or {}
    if called[1] then lease, seat = called[1]:match('^(%d+) (.*)$') end
    local T = (seat or refresh) and redis.call('TIME')
    redis.call('HSET', jobs, id, message)
    if waiter ~= '' then redis.call('HSET', waiters, id, ' ' .. waiter .. ' ') end
    if refresh then redis.call('ZADD', sessionsByAge, T[1] * 1000, session) end
    if seat then
      token = string.format('%.0f', math.max((M[5] or 0) + 1, T[1] * 1000000 + T[2]))
      redis.call('HSET', seat_ .. seat, 't' .. token, ' ' .. id .. ' ')
      redis.call('ZADD', workers, T[1] * 1000 + math.floor(T[2] / 1000) + lease, seat)
      redis.call('HSET', meta, 'token', token, field, number .. ':')
      noted = true
      local heard = redis.pcall('PUBLISH', channel_ .. 'seat:' .. seat, (waiter == '' and '' or '!') .. token .. ' ' .. id .. ' ' .. message)
      if type(heard) == 'number' and heard > 0 then return end
      -- Nobody hears it (its process is gone): the job takes the usual way.
      redis.call('HDEL', seat_ .. seat, 't' .. token)
    end
    waiting = redis.call('RPUSH', ready, id)
    if redis.call('EXISTS', wake) == 0 then redis.call('RPUSH', wake, '1') end
    redis.call('HSET', meta, field, number .. (waiting > 1 and '*:' or ':'))
  end)
  if ok then return '' end
  if waiting then redis.call('LREM', ready, -1, id) end
  if token then redis.call('HDEL', seat_ .. seat, 't' .. token) end
  if seat then redis.call('ZADD', door, called[2], called[1]) end
  if noted then redis.call('HSET', meta, field, M[2]) end
  if waiter ~= '' then redis.call('HDEL', waiters, id) end
  redis.call('HDEL', jobs, id)
  error(problem, 0)
until true
