-- A page of jobs in one state. The cursor is `<section>:<offset>`; a section is one structure that holds such jobs.
-- returns { next cursor or '', row of 9, row of 9, … }, see lua/view.lua
-- repeat: harmless
--@flags no-writes
--@include view
--@keys urgent suspects solo ready background due parked failed workers dying done tombs
--@args layout state section offset limit
section, offset, limit = tonumber(section), tonumber(offset), tonumber(limit)
local function list(key)
  return function(from, n) return redis.call('LRANGE', key, from, from + n - 1) end
end
local function scored(key, reverse)
  return function(from, n) return redis.call(reverse and 'ZREVRANGE' or 'ZRANGE', key, from, from + n - 1) end
end
local function held(from, n)
  local ids, position = {}, 0
  for _, key in ipairs({ workers, dying }) do
    for _, name in ipairs(redis.call('ZRANGE', key, 0, -1)) do
      local row = redis.call('HGETALL', seat_ .. name)
      for i = 1, #row, 2 do
        if row[i]:sub(1, 1) == 't' then
          for _, id in ipairs(heldIds(row[i + 1])) do
            if position >= from and #ids < n then ids[#ids + 1] = id end
            position = position + 1
          end
        end
      end
    end
  end
  return ids
end
local function succeededIds(from, n)
  local ids, position = {}, 0
  for _, text in ipairs(redis.call('LRANGE', done, 0, -1)) do
    for _, id in ipairs(heldIds(text:match('^%d+ +(.*)$') or '')) do
      if position >= from and #ids < n then ids[#ids + 1] = id end
      position = position + 1
    end
  end
  return ids
end
local sections = {
  ready = { scored(urgent), list(suspects), list(solo), list(ready), scored(background) },
  scheduled = { scored(due), scored(parked) },
  retrying = { scored(due) },
  running = { held },
  failed = { scored(failed, true) },
  succeeded = { succeededIds },
}
local mine = sections[state] or {}
local rows, reads = {}, 0
while section < #mine and #rows < limit and reads < 10 do
  reads = reads + 1
  local room = limit - #rows
  local ids = mine[section + 1](offset, room)
  for i = 1, #ids do
    local id = ids[i]
    local fits = true
    if state == 'retrying' or (state == 'scheduled' and section == 0) then
      fits = (redis.call('HEXISTS', attempts, id) == 1) == (state == 'retrying')
    end
    if state == 'ready' and section == 3 and redis.call('SISMEMBER', tombs, id) == 1 then fits = false end
    if fits then rows[#rows + 1] = viewOf(id, state) end
  end
  if #ids < room then
    section, offset = section + 1, 0
  else
    offset = offset + #ids
  end
end
return { section < #mine and section .. ':' .. offset or '', unpack(rows) }
