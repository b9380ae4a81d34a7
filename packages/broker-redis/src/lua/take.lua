-- Takes jobs for a seat: a job that must run alone, then at most one suspect, then urgent, ready and background ones.
-- Entries of cancelled jobs are skipped, expired jobs end here. Bounded by `want` and by 4 MiB of messages: where the lane
-- has seen large messages it reads few at a time.
--@include ready
--@include finish
--@keys jobs attrs ready urgent background suspects solo tombs
local REPLY_BYTES = 4194304
local IDS, MESSAGES, BYTES = {}, {}, 0

-- Keeps those of `ids` that can run now.
local function accept(ids)
  local n = #ids
  if n == 0 then return end
  local messages = redis.call('HMGET', jobs, unpack(ids))
  local as = has(attrs) and redis.call('HMGET', attrs, unpack(ids))
  local expired = {}
  for i = 1, n do
    local message = messages[i]
    if message then
      local a = as and decodeAttrs(as[i])
      if a and a.x and a.x <= NOW then
        expired[#expired + 1] = ids[i]
      else
        if a and a.s then freeUnique(ids[i], a) end
        local k = #IDS + 1
        IDS[k], MESSAGES[k] = ids[i], message
        BYTES = BYTES + #message
      end
    end
  end
  finish(expired, 'X')
end

local function popReady(n)
  local ids = redis.call('LPOP', ready, n)
  if not ids then return nil end
  if not has(tombs) then return ids end
  local dead = redis.call('SMISMEMBER', tombs, unpack(ids))
  local live, buried = {}, {}
  for i = 1, #ids do
    -- An id can stand twice in one pop: dead entry first, then again live. The tombstone covers one entry.
    if dead[i] == 1 and redis.call('SREM', tombs, ids[i]) == 1 then buried[#buried + 1] = ids[i] else live[#live + 1] = ids[i] end
  end
  return live
end

local function popScored(key, n)
  local rows = redis.call('ZPOPMIN', key, n)
  if #rows == 0 then return nil end
  local ids = {}
  for i = 1, #rows, 2 do ids[#ids + 1] = rows[i] end
  return ids
end

local function drawFrom(pop, key, want, big)
  for _ = 1, 20 do
    local room = want - #IDS
    if big then
      local fits = math.floor((REPLY_BYTES - BYTES) / big)
      if fits < 1 and #IDS > 0 then return end
      room = math.min(room, math.max(1, fits))
    end
    if room <= 0 then return end
    local ids = pop(key, room)
    if not ids then return end
    accept(ids)
  end
end

-- `seatAlone`, `seatSuspect`: what this seat holds already. Returns alone id, suspect id, drain.
local function take(seatName, want, empty, seatAlone, seatSuspect, drainer, big)
  if seatAlone then return nil, nil, false end
  if has(solo) then
    if empty then
      local id = redis.call('LPOP', solo)
      while id do
        accept({ id })
        if #IDS > 0 then
          redis.call('HDEL', meta, 'drainer')
          return id, nil, false
        end
        id = redis.call('LPOP', solo)
      end
    else
      local name, till = (drainer or ''):match('^(%S+) (%d+)$')
      if not name or tonumber(till) < NOW or name == seatName then
        redis.call('HSET', meta, 'drainer', seatName .. ' ' .. NOW + 30000)
        return nil, nil, true
      end
    end
  end
  local suspect
  if not seatSuspect and has(suspects) then
    local id = redis.call('LPOP', suspects)
    while id do
      accept({ id })
      if #IDS > 0 then
        suspect = id
        break
      end
      id = redis.call('LPOP', suspects)
    end
  end
  if has(urgent) then drawFrom(popScored, urgent, want, big) end
  drawFrom(function(_, n) return popReady(n) end, ready, want, big)
  if has(background) then drawFrom(popScored, background, want, big) end
  return nil, suspect, false
end
