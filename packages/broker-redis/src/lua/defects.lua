-- What `fsck` calls a defect: a predicate on the lane as it stands at this instant. A defect is { kind, subject, place }.
--@include held
--@keys jobs ready suspects solo urgent background due parked failed tombs workers dying meta sessionsByAge wake alarm
--@keys attrs attempts crashes history cancels waiters
--@families seat unique join
local LISTS = { ready = ready, suspects = suspects, solo = solo }
local SETS = { urgent = urgent, background = background, due = due, parked = parked, failed = failed }
local FACTS = { attrs = attrs, attempts = attempts, crashes = crashes, history = history, cancels = cancels, waiters = waiters }
-- List entries looked at by this call; a search in a list costs its length.
local looked = 0
local function entriesIn(key, id)
  looked = looked + redis.call('LLEN', key)
  return #redis.call('LPOS', key, id, 'COUNT', 0)
end
-- A cancelled job leaves one entry and a tombstone behind: that entry is none.
local function timesReady(id)
  return entriesIn(ready, id) - redis.call('SISMEMBER', tombs, id)
end
local held
local function timesHeld(id)
  if not held then
    held = {}
    for _, key in ipairs({ workers, dying }) do
      for _, name in ipairs(redis.call('ZRANGE', key, 0, -1)) do
        local row = redis.call('HGETALL', seat_ .. name)
        for i = 1, #row, 2 do
          if row[i]:find('^t%d') then
            for _, one in ipairs(heldIds(row[i + 1])) do held[one] = (held[one] or 0) + 1 end
          end
        end
      end
    end
  end
  return held[id] or 0
end
-- `place`: a structure's name; 'held' stands for all seats.
local function timesIn(place, id)
  if place == 'ready' then return timesReady(id) end
  if LISTS[place] then return entriesIn(LISTS[place], id) end
  if SETS[place] then return redis.call('ZSCORE', SETS[place], id) and 1 or 0 end
  return timesHeld(id)
end
local function timesWaiting(id)
  local n = 0
  for place in pairs(SETS) do n = n + timesIn(place, id) end
  if n > 0 then return n end
  for place in pairs(LISTS) do n = n + timesIn(place, id) end
  return n
end
local function isGone(id) return redis.call('HEXISTS', jobs, id) == 0 end
local function isLeased(name) return redis.call('ZSCORE', workers, name) or redis.call('ZSCORE', dying, name) end

local DEFECTS = {
  ['entry-without-message'] = function(id, place)
    return isGone(id) and timesIn(place, id) > 0
  end,
  ['message-without-place'] = function(id)
    return not isGone(id) and timesHeld(id) == 0 and timesWaiting(id) == 0
  end,
  -- `place` names where it was seen, between blanks: elsewhere need not be searched.
  ['message-in-many-places'] = function(id, places)
    if isGone(id) then return false end
    local n, counted = 0, {}
    for place in places:gmatch('%S+') do
      if not counted[place] then n = n + timesIn(place, id) end
      counted[place] = true
    end
    return n > 1
  end,
  ['fact-without-message'] = function(id, place) return isGone(id) and redis.call('HEXISTS', FACTS[place], id) == 1 end,
  ['tomb-without-entry'] = function(id)
    return redis.call('SISMEMBER', tombs, id) == 1 and entriesIn(ready, id) == 0
  end,
  ['seat-without-lease'] = function(name) return redis.call('EXISTS', seat_ .. name) == 1 and not isLeased(name) end,
  ['lease-without-seat'] = function(name) return isLeased(name) and redis.call('EXISTS', seat_ .. name) == 0 end,
  ['unique-without-job'] = function(key)
    local holder = redis.call('GET', unique_ .. key)
    return holder and (isGone(holder) or redis.call('ZSCORE', failed, holder)) and true
  end,
  ['join-without-job'] = function(id) return isGone(id) and redis.call('EXISTS', join_ .. id) == 1 end,
  ['session-without-age'] = function(session)
    return redis.call('HEXISTS', meta, 's:' .. session) == 1 and not redis.call('ZSCORE', sessionsByAge, session)
  end,
  ['many-tokens'] = function(place) return redis.call('LLEN', place == 'wake' and wake or alarm) > 1 end,
  ['unknown-key'] = function(suffix) return redis.call('EXISTS', KEYS[1] .. suffix) == 1 end,
}
