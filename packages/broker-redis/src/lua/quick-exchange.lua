-- The ordinary exchange of a lane without anything sparse: settles one success at most, takes what is ready. It stands before the
-- definitions of the general case: making those costs more than the way of one job through Redis. The same effects in fewer steps; falls
-- through, with nothing written, where it does not apply.
--@include tell
--@include tally
--@include lease
--@keys jobs ready done wake meta workers waiters
repeat
  local given = #ARGV - groups + 1
  if not plain or M[2] or M[5] or H[3] or H[4] or (given ~= 0 and given ~= 3 and given ~= 6) then break end
  local held = 't' .. (ARGV[groups + 1] or '')
  -- Nothing is left under its token: the job was ended ahead (seat/end-ahead.lua).
  local ahead = given == 6 and H[6] == ' '
  local id = given > 0 and H[6] and (ahead and ARGV[groups + 4] or H[6]:match('^ (%S+) $'))
  if given > 0 and (not id or ARGV[groups + 2] ~= '1') then break end
  if given == 3 and ARGV[groups] ~= 'A' then break end
  if given == 6 and (ARGV[groups] ~= 'R' or ARGV[groups + 4] ~= id) then break end

  if id and not ahead then
    local clients = redis.call('HGET', waiters, id)
    if clients or given == 6 then tell(id, clients, 'S' .. (ARGV[groups + 5] or ''), tonumber(ARGV[groups + 3] or 0)) end
    redis.call('HDEL', jobs, id)
    if clients then redis.call('HDEL', waiters, id) end
  end
  if id then redis.call('HDEL', seatKey, held) end
  local room = math.min(tonumber(want), 1000)
  local popped, reply
  local ok, problem = pcall(function()
    if id then
      if redis.call('LPUSH', done, NOW .. ' ' .. id) > 200 then redis.call('LTRIM', done, 0, 99) end
    end
    tally(REST, groups - 1)
    popped = room > 0 and not still and redis.call('LPOP', ready, room) or {}
    local ids, messages = {}, #popped > 0 and redis.call('HMGET', jobs, unpack(popped)) or {}
    for i = 1, #popped do
      if messages[i] then
        ids[#ids + 1] = popped[i]
        messages[#ids] = messages[i]
      end
    end
    local flags, token, joined = 0, '', table.concat(ids, ' ')
    if #popped >= room and redis.call('EXISTS', ready) == 1 then
      if room > 0 then flags = 2 end
      if redis.call('EXISTS', wake) == 0 then redis.call('RPUSH', wake, '1') end
    end
    local alive = aliveFields(M[6], M[7], M[8])
    if id then
      alive[#alive + 1] = 'succeeded'
      alive[#alive + 1] = num((M[9] or 0) + 1)
    end
    if #ids > 0 then
      token = num(math.max(tonumber(M[3] or '0') + 1, NOW_US))
      alive[#alive + 1] = 'token'
      alive[#alive + 1] = token
      redis.call('HSET', meta, unpack(alive))
      redis.call('HSET', seatKey, slot, number .. ' ' .. token .. ' ', 't' .. token, ' ' .. joined .. ' ')
    else
      redis.call('HSET', meta, unpack(alive))
      redis.call('HSET', seatKey, slot, number .. '  ')
    end
    reply = { token, joined, '[' .. table.concat(messages, ',', 1, #ids) .. ']', '', '', flags, '' }
  end)
  if not ok then
    for i = #(popped or {}), 1, -1 do redis.call('LPUSH', ready, popped[i]) end
    redis.call('HSET', seatKey, slot, number .. '  ')
    error(problem, 0)
  end
  redis.call('ZADD', workers, leaseEnd(lease, holdsAny(seatKey, reply[1] ~= '', lease)), name)
  reply[6] = reply[6] + waitAtDoor(room > 0 and #popped == 0)
  return reply
until true
