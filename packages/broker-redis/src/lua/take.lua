-- Takes jobs for a seat: a job that must run alone (a proven seat only), then at most one suspect, then urgent, ready and background ones.
-- Entries of cancelled jobs are skipped, expired jobs end here. Bounded by `want` (at most 1,000) and by 4 MiB of messages: where
-- the lane has seen large messages it reads few at a time.
--@include ready
--@include finish
--@include ticket
--@keys jobs attrs ready urgent background suspects solo tombs workers
--@families seat
local REPLY_BYTES = 4194304
local IDS, MESSAGES, BYTES = {}, {}, 0
-- Stopped with room left and more to look at.
local CUT = false
-- What was popped, until the seat holds it: { key, ids, rows with scores }.
local POPPED = {}

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

local function popList(key, n)
  local ids = redis.call('LPOP', key, n)
  if ids then POPPED[#POPPED + 1] = { key, ids } end
  return ids
end

local function popReady(key, n)
  local ids = popList(key, n)
  if not ids or not has(tombs) then return ids end
  local dead = redis.call('SMISMEMBER', tombs, unpack(ids))
  local live = {}
  for i = 1, #ids do
    -- An id can stand twice in one pop: dead entry first, then again live. The tombstone covers one entry.
    if dead[i] == 1 and redis.call('SREM', tombs, ids[i]) == 1 then ids[i] = false else live[#live + 1] = ids[i] end
  end
  return live
end

local function popScored(key, n)
  local rows = redis.call('ZPOPMIN', key, n)
  if #rows == 0 then return nil end
  local ids = {}
  for i = 1, #rows, 2 do ids[#ids + 1] = rows[i] end
  POPPED[#POPPED + 1] = { key, ids, rows }
  return ids
end

-- A handing out failed on the way: what was popped goes back to where it was, in its order.
local function unpop()
  for i = #POPPED, 1, -1 do
    local key, ids, rows = POPPED[i][1], POPPED[i][2], POPPED[i][3]
    for k = #ids, 1, -1 do
      local id = ids[k]
      local lives = id and redis.call('HEXISTS', jobs, id) == 1
      if lives or (id and redis.call('SISMEMBER', tombs, id) == 1) then
        if rows then redis.call('ZADD', key, rows[2 * k], id) else redis.call('LPUSH', key, id) end
      end
      if id and not lives then sweepUp({ id }) end
    end
  end
end

local function drawFrom(pop, key, want, big)
  for _ = 1, 20 do
    local room = want - #IDS
    if room <= 0 then return end
    if big then
      local fits = math.floor((REPLY_BYTES - BYTES) / big)
      if fits < 1 and #IDS > 0 then
        CUT = true
        return
      end
      room = math.min(room, math.max(1, fits))
    end
    local ids = pop(key, room)
    if not ids then return end
    accept(ids)
  end
  CUT = CUT or #IDS < want
end

-- One job of a list that can run; looks at 20 entries at most.
local function drawOne(key)
  for _ = 1, 20 do
    local ids = popList(key, 1)
    if not ids then return nil end
    accept(ids)
    if #IDS > 0 then return ids[1] end
  end
  CUT = true
end

-- Whether a seat has lasted one length of its lease. The death of one that has not says little of what it ran: workers that are killed
-- as fast as they start (a bad release, a host short of memory) would make good jobs fail. A seat that does not say since when is old.
local function proven(seatName)
  local H = redis.call('HMGET', seat_ .. seatName, 'since', 'lease')
  return not H[1] or NOW - H[1] >= tonumber(H[2])
end

-- `seatAlone`, `seatSuspect`: what this seat holds already. Returns alone id, suspect id, drain.
local function take(seatName, want, empty, seatAlone, seatSuspect, drainer, big)
  if seatAlone then return nil, nil, false end
  if has(solo) and proven(seatName) then
    if empty then
      local id = drawOne(solo)
      if id then
        redis.call('HDEL', meta, 'drainer')
        -- This seat takes nothing beside it: what else is ready is for others.
        if redis.call('EXISTS', ready, urgent, background, suspects, solo) > 0 then arm() end
        return id, nil, false
      end
    else
      local holder, since = ticketOf(drainer)
      -- The ticket of a seat that was reclaimed or has left is nobody's: it must not keep the job waiting until it runs out.
      if holder and not redis.call('ZSCORE', workers, holder) then holder, since = nil, nil end
      if not holder or holder == seatName then
        redis.call('HSET', meta, 'drainer', ticketFor(seatName, since or NOW))
        if not holder and redis.call('EXISTS', ready, urgent, background, suspects) > 0 then arm() end
        return nil, nil, true
      end
    end
  end
  local suspect
  if not seatSuspect and has(suspects) then suspect = drawOne(suspects) end
  if has(urgent) then drawFrom(popScored, urgent, want, big) end
  drawFrom(popReady, ready, want, big)
  if has(background) then drawFrom(popScored, background, want, big) end
  return nil, suspect, false
end
