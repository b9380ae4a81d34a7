-- Settles what a seat has done. Each group names the token that handed its jobs out; an id that is no longer held under
-- that token is `lost`: its reservation was reclaimed or settled before. Groups, in ARGV from REST on:
--   A token count                              every job of that exchange succeeded, nothing to store
--   P token n id…                              successes, nothing to store
--   R token n keep (id output)…                successes with an output: kept `keep` ms, handed to what waits for it
--   X token n h head… (id kind number record attempt)…
--                                              kind r: retry after `number` ms; f: fail, kept `number` ms;
--                                              l: put back after `number` ms, uncounted; c: cancelled
--                                              record: which of the `h` heads its text begins with, and how it goes on
-- In three steps, so that a script that fails on the way loses nothing: `settle` ends what ends, all of it still held, and a repeat does it
-- again; `letGo` takes it from the seat; `placeSettled` puts where they belong those that go on, or else into `due`, for now.
--@include held
--@include finish
--@include history
--@keys attempts cancels done
local LOST = {}
local OUT = {}
local WON = {}
local SUCCEEDED, RETRIED, FAILED = 0, 0, 0
-- Field of the seat → what is left of it; false where nothing is held under that token.
local LEFT = {}
local LATER, AGAIN, BACK = {}, {}, {}

local function heldUnder(seatKey, field)
  if LEFT[field] == nil then LEFT[field] = redis.call('HGET', seatKey, field) end
  return LEFT[field]
end

local function out(seatKey, token, ids, ordinal)
  local field = 't' .. token
  local text = heldUnder(seatKey, field)
  if not text then
    for i = 1, #ids do LOST[#LOST + 1] = ordinal + i - 1 end
    return {}
  end
  local left, missing = takeOut(text, ids)
  LEFT[field] = left
  if #missing == 0 then
    for i = 1, #ids do OUT[#OUT + 1] = ids[i] end
    return ids
  end
  local gone = {}
  for i = 1, #missing do
    gone[missing[i]] = true
    LOST[#LOST + 1] = ordinal + missing[i] - 1
  end
  local held = {}
  for i = 1, #ids do
    if gone[i] then held[i] = false else
      held[i] = ids[i]
      OUT[#OUT + 1] = ids[i]
    end
  end
  return held
end

local function succeed(ids, bodies, keeps)
  SUCCEEDED = SUCCEEDED + #ids
  for i = 1, math.min(#ids, 50 - #WON) do WON[#WON + 1] = ids[i] end
  finish(ids, 'S', bodies, keeps)
end

-- Counts a job whose end was told ahead (seat/end-ahead.lua), and lets it go: nothing is left under its token.
local function endedAhead(field, ids)
  LEFT[field] = ' '
  SUCCEEDED = SUCCEEDED + 1
  OUT[#OUT + 1] = ids[1]
  if #WON < 50 then WON[#WON + 1] = ids[1] end
end

local function whole(seatKey, token, count, ordinal)
  local field = 't' .. token
  local text = heldUnder(seatKey, field)
  local ids = text and heldIds(text) or {}
  for i = #ids + 1, count do LOST[#LOST + 1] = ordinal + i - 1 end
  if not text then return end
  LEFT[field] = ' '
  for i = 1, #ids do OUT[#OUT + 1] = ids[i] end
  succeed(ids)
end

local function compact(list, n)
  local kept = {}
  for i = 1, n do if list[i] then kept[#kept + 1] = list[i] end end
  return kept
end

local function withOutputs(seatKey, token, n, keep, at, ordinal)
  local ids = {}
  for i = 1, n do ids[i] = ARGV[at + 2 * i - 2] end
  if n == 1 and heldUnder(seatKey, 't' .. token) == ' ' then return endedAhead('t' .. token, ids) end
  local held = out(seatKey, token, ids, ordinal)
  local kept, bodies, keeps = {}, {}, {}
  for i = 1, n do
    if held[i] then
      local k = #kept + 1
      kept[k], bodies[k], keeps[k] = held[i], ARGV[at + 2 * i - 1], keep
    end
  end
  succeed(kept, bodies, keeps)
end

-- `heads`: where in ARGV those of the group begin.
local function recordOf(heads, text)
  local which, rest = text:match('^(%d+)(.*)$')
  return ARGV[heads + which - 1] .. rest
end

local function others(seatKey, token, n, heads, at, ordinal)
  local ids = {}
  for i = 1, n do ids[i] = ARGV[at + 5 * i - 5] end
  local held = out(seatKey, token, ids, ordinal)
  local asked = has(cancels) and n > 0 and redis.call('HMGET', cancels, unpack(ids))
  local retry, retryRecords, attemptRows = {}, {}, {}
  local fail, failRecords, failBodies, failKeeps, failAttempts = {}, {}, {}, {}, {}
  local cancel = {}
  for i = 1, n do
    local id = held[i]
    if id then
      local a = at + 5 * i - 5
      local kind, number, record, attempt = ARGV[a + 1], tonumber(ARGV[a + 2]), ARGV[a + 3], ARGV[a + 4]
      if record ~= '' then record = recordOf(heads, record) end
      if kind == 'c' or (asked and asked[i] and kind ~= 'f') then
        cancel[#cancel + 1] = id
      elseif kind == 'f' then
        local k = #fail + 1
        fail[k], failRecords[k], failBodies[k], failKeeps[k] = id, record, attempt .. ' ' .. record, number
        failAttempts[2 * k - 1], failAttempts[2 * k] = id, attempt
      else
        if kind == 'r' then
          local k = #retry + 1
          retry[k], retryRecords[k] = id, record
          attemptRows[2 * k - 1], attemptRows[2 * k] = id, attempt
        end
        if number > 0 then
          LATER[#LATER + 1] = NOW + number
          LATER[#LATER + 1] = id
        else
          local list = kind == 'r' and AGAIN or BACK
          list[#list + 1] = id
        end
      end
    end
  end
  if #retry > 0 then
    redis.call('HSET', attempts, unpack(attemptRows))
    remember(retry, retryRecords)
    RETRIED = RETRIED + #retry
  end
  if #fail > 0 then
    redis.call('HSET', attempts, unpack(failAttempts))
    remember(fail, failRecords)
    FAILED = FAILED + #fail
    finish(fail, 'F', failBodies, failKeeps)
  end
  finish(cancel, 'C')
end

-- Reads and settles every group from ARGV[at] on.
local function settle(seatKey, at)
  local ordinal, last = 0, #ARGV
  while at <= last do
    local kind, token, n = ARGV[at], ARGV[at + 1], tonumber(ARGV[at + 2])
    at = at + 3
    if kind == 'A' then
      whole(seatKey, token, n, ordinal)
    elseif kind == 'P' then
      local ids = {}
      for i = 1, n do ids[i] = ARGV[at + i - 1] end
      succeed(compact(out(seatKey, token, ids, ordinal), n))
      at = at + n
    elseif kind == 'R' then
      withOutputs(seatKey, token, n, tonumber(ARGV[at]), at + 1, ordinal)
      at = at + 1 + 2 * n
    else
      local heads = at + 1
      at = heads + tonumber(ARGV[at])
      others(seatKey, token, n, heads, at, ordinal)
      at = at + 5 * n
    end
    ordinal = ordinal + n
  end
end

-- `alone`, `suspect`: what the seat is said to run of these kinds. Returns what of it is left.
local function letGo(seatKey, alone, suspect)
  local gone, kept = {}, {}
  for field, left in pairs(LEFT) do
    if left == ' ' then
      gone[#gone + 1] = field
    elseif left then
      kept[#kept + 1] = field
      kept[#kept + 1] = left
    end
  end
  if alone or suspect then
    for i = 1, #OUT do
      if OUT[i] == alone then
        gone[#gone + 1] = 'alone'
        alone = false
      end
      if OUT[i] == suspect then
        gone[#gone + 1] = 'suspect'
        suspect = false
      end
    end
  end
  if #gone > 0 then redis.call('HDEL', seatKey, unpack(gone)) end
  if #kept > 0 then redis.call('HSET', seatKey, unpack(kept)) end
  return alone, suspect
end

local function forgetAsked()
  if #OUT > 0 and has(cancels) then redis.call('HDEL', cancels, unpack(OUT)) end
end

local function placeSettled()
  local first
  local function try(ok, problem)
    if not ok then first = first or problem end
  end
  if #LATER > 0 then
    local ok, problem = pcall(scheduleMany, LATER)
    if not ok then redis.call('ZADD', due, unpack(LATER)) end
    try(ok, problem)
  end
  if #AGAIN > 0 then try(pcall(pushMany, AGAIN, false)) end
  if #BACK > 0 then try(pcall(pushMany, BACK, true)) end
  if first then error(first, 0) end
  forgetAsked()
  if SUCCEEDED > 0 then
    redis.call('HINCRBY', meta, 'succeeded', SUCCEEDED)
    redis.call('LPUSH', done, NOW .. ' ' .. table.concat(WON, ' '))
    redis.call('LTRIM', done, 0, 99)
  end
  if RETRIED > 0 then redis.call('HINCRBY', meta, 'retried', RETRIED) end
  if FAILED > 0 then redis.call('HINCRBY', meta, 'failedEver', FAILED) end
end
