-- One step over one structure of a lane, or over the names of its keys ('keys'). What stays in the structure for the whole scan is
-- returned at least once. Of a seat the ids that it holds are returned; 'sessions' are fields of the lane's meta.
-- returns { next cursor, '0' at the end, member, … }
-- repeat: harmless
--@flags no-writes
--@include held
--@keys jobs ready suspects solo urgent background due parked failed tombs workers dying wake alarm
--@keys meta attrs attempts crashes history cancels waiters
--@args layout what cursor count
local STEP = 'COUNT'
-- A step over the messages reads them too: about 4 MiB at most.
if what == 'jobs' then
  local big = tonumber(redis.call('HGET', meta, 'big') or '4096')
  count = math.max(1, math.min(tonumber(count), math.floor(4194304 / big)))
end
local COMMANDS = {
  HSCAN = { jobs = jobs, attrs = attrs, attempts = attempts, crashes = crashes, history = history, cancels = cancels, waiters = waiters },
  ZSCAN = { urgent = urgent, background = background, due = due, parked = parked, failed = failed, workers = workers, dying = dying },
  SSCAN = { tombs = tombs },
  LRANGE = { ready = ready, suspects = suspects, solo = solo, wake = wake, alarm = alarm },
}
if what == 'keys' then
  -- The prefix as a pattern: what is special in one stands for itself.
  local found = redis.call('SCAN', cursor, 'MATCH', (KEYS[1]:gsub('[%*%?%[%]\\]', '\\%0')) .. '*', STEP, count)
  local reply = { found[1] }
  for i = 1, #found[2] do
    reply[#reply + 1] = found[2][i]:sub(#KEYS[1] + 1)
  end
  return reply
end
if what:sub(1, 5) == 'seat:' then
  local reply, row = { '0' }, redis.call('HGETALL', KEYS[1] .. what)
  for i = 1, #row, 2 do
    if row[i]:find('^t%d') then
      for _, id in ipairs(heldIds(row[i + 1])) do reply[#reply + 1] = id end
    end
  end
  return reply
end
if what == 'sessions' then
  local found = redis.call('HSCAN', meta, cursor, 'MATCH', 's:*', STEP, count)
  local reply = { found[1] }
  for i = 1, #found[2], 2 do reply[#reply + 1] = found[2][i]:sub(3) end
  return reply
end
for command, keys in pairs(COMMANDS) do
  local key = keys[what]
  if key and command == 'LRANGE' then
    local members = redis.call('LRANGE', key, cursor, cursor + count - 1)
    return { #members < tonumber(count) and '0' or string.format('%.0f', cursor + #members), unpack(members) }
  end
  if key then
    local found = redis.call(command, key, cursor, STEP, count)
    local reply, step = { found[1] }, command == 'SSCAN' and 1 or 2
    for i = 1, #found[2], step do reply[#reply + 1] = found[2][i] end
    return reply
  end
end
return redis.error_reply('MILLRACE no structure is called ' .. what)
