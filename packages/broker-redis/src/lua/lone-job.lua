-- The way of a lone ordinary job on a lane where nothing sparse is. It stands before the definitions of the general case and makes
-- none of its own: on an idle server they cost several times what the job does. Falls through, with nothing written, where it
-- does not apply.
--@keys jobs ready urgent background suspects solo sessions sessionsByAge wake tombs door workers waiters
--@families seat channel
repeat
  local id, message = ARGV[REST], ARGV[REST + 1]
  if plain ~= '1' or ARGV[REST + 2] or M[1] ~= layout or (#message > 4096 and #message > tonumber(M[2] or '0')) then break end
  local still = redis.call('EXISTS', tombs, ready, urgent, background, suspects, solo) == 0
  if not still and redis.call('EXISTS', tombs) == 1 then break end
  local T = redis.call('TIME')
  local now = T[1] * 1000 + math.floor(T[2] / 1000)
  local called, seat, lease, token, placed
  local ok, problem = pcall(function()
    -- Handed to the seat that stands at the door longest, if there is one: held by it from now on, as if an exchange had taken it.
    if still and not M[3] and #message <= 8192 then
      called = redis.call('ZPOPMIN', door)[1]
      local H = called and redis.call('HMGET', seat_ .. called, 'lease', 'dying')
      if H and H[1] and not H[2] then seat, lease = called, H[1] end
    end
    redis.call('HSET', jobs, id, message)
    if waiter ~= '' then redis.call('HSET', waiters, id, ' ' .. waiter .. ' ') end
    if seat then
      token = string.format('%.0f', math.max((M[4] or 0) + 1, T[1] * 1000000 + T[2]))
      redis.call('HSET', seat_ .. seat, 't' .. token, ' ' .. id .. ' ')
      redis.call('HSET', meta, 'token', token)
      redis.call('ZADD', workers, now + lease, seat)
    else
      redis.call('RPUSH', ready, id)
      placed = true
      if redis.call('EXISTS', wake) == 0 then redis.call('RPUSH', wake, '1') end
    end
    if now - refreshed > 60000 then
      refreshed = string.format('%.0f', now)
      redis.call('ZADD', sessionsByAge, now, session)
    end
    redis.call('HSET', sessions, session, number .. ':' .. refreshed .. ':')
  end)
  if not ok then
    if token then redis.call('HDEL', seat_ .. seat, 't' .. token) end
    if called then redis.call('ZADD', door, now, called) end
    if placed then redis.call('LREM', ready, -1, id) end
    if waiter ~= '' then redis.call('HDEL', waiters, id) end
    redis.call('HDEL', jobs, id)
    error(problem, 0)
  end
  if not seat then return '' end
  local heard = redis.pcall('PUBLISH', channel_ .. 'seat:' .. seat, (waiter == '' and '' or '!') .. token .. ' ' .. id .. ' ' .. message)
  if type(heard) == 'number' and heard > 0 then return '' end
  -- Nobody hears it (its process is gone): the job takes the usual way.
  redis.call('HDEL', seat_ .. seat, 't' .. token)
  redis.call('RPUSH', ready, id)
  if redis.call('EXISTS', wake) == 0 then redis.call('RPUSH', wake, '1') end
  return ''
until true
