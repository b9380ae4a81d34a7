-- Mends what can be mended without a guess, on a paused lane only, where nothing is handed out meanwhile. Each defect is looked at
-- again first. A message without a place becomes ready, unless it may be delivered only once.
-- returns { how many were looked at, or -1 where the lane is not paused, number of each that is mended, … }
-- repeat: what is mended is no defect any more
-- failing half-way: those not reached are as they were
--@flags allow-oom
--@include clock
--@include layout
--@include ready
--@include defects
--@keys meta
--@args layout defects...
local refused = checkLayout(redis.call('HGET', meta, 'layout'))
if refused then return refused end
if redis.call('HEXISTS', meta, 'paused') == 0 then return { -1 } end
local ENTRIES_A_CALL = 2000000
local MENDS = {
  ['entry-without-message'] = function(id, place)
    if LISTS[place] then
      redis.call('LREM', LISTS[place], 0, id)
      if place == 'ready' then redis.call('SREM', tombs, id) end
    elseif SETS[place] then
      redis.call('ZREM', SETS[place], id)
    else
      return false
    end
    return true
  end,
  ['message-without-place'] = function(id)
    local text = redis.call('HGET', attrs, id)
    local a = decodeAttrs(text)
    if text and (not a or a.m) then return false end
    pushMany({ id }, false)
    return true
  end,
  ['fact-without-message'] = function(id, place) redis.call('HDEL', FACTS[place], id) return true end,
  ['tomb-without-entry'] = function(id) redis.call('SREM', tombs, id) return true end,
  -- Its lease has ended: the sweep takes its jobs back as it does with every dead worker's, and a live one joins anew.
  ['seat-without-lease'] = function(name)
    redis.call('ZADD', workers, NOW, name)
    ring()
    return true
  end,
  ['lease-without-seat'] = function(name)
    redis.call('ZREM', workers, name)
    redis.call('ZREM', dying, name)
    return true
  end,
  ['unique-without-job'] = function(key) redis.call('DEL', unique_ .. key) return true end,
  ['join-without-job'] = function(id) redis.call('DEL', join_ .. id) return true end,
  ['session-without-age'] = function(session) redis.call('ZADD', sessionsByAge, NOW, session) return true end,
  ['many-tokens'] = function(place) redis.call('LTRIM', place == 'wake' and wake or alarm, 0, 0) return true end,
}
local reply, n = { 0 }, (#ARGV - REST + 1) / 3
for i = 1, n do
  if looked > ENTRIES_A_CALL then break end
  local at = REST + (i - 1) * 3
  local there, mend = DEFECTS[ARGV[at]], MENDS[ARGV[at]]
  if there and mend and there(ARGV[at + 1], ARGV[at + 2]) and mend(ARGV[at + 1], ARGV[at + 2]) then reply[#reply + 1] = i end
  reply[1] = i
end
return reply
