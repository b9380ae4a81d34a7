-- One conversation of a worker with a lane: settles what is done, hands out what fits, extends the lease.
-- waits: '1' where the seat hears what is handed to it at the door; it waits there when it found nothing
-- tallies: `tallies` × (task, succeeded, retried, failed, busy ms); then settlement groups (lua/settle.lua)
-- returns { token, ids, messages as one JSON array text, lost ordinals, cancelled ids, flags, extras }; flags: 1 drain, 2 more, 4 paused, 8 waits at the door
--   extras: JSON rows [position, attempts, crashes, bits]; bits: 1 alone, 2 composed, 4 feeds, 8 at most once
-- errors: MILLRACE LAYOUT, FENCED (the seat was reclaimed or has left), ORDER
-- repeat: the same number of a slot is answered from what the seat holds under that call's token; nothing is done twice
-- failing half-way: before `letGo` the repeat does it all; after it, what goes on is placed, what was popped is back, and the repeat is
-- answered with the settlements alone; only the counters may miss them. A finished job's follow-ups may be in the outbox twice.
-- runs in a full Redis too: it is what drains it
--@flags allow-oom
--@include clock
--@include layout
--@include lease
--@include tally
--@include tell
--@keys meta workers cancels ready urgent background suspects solo attrs crashes waiters tombs attempts history
--@keys door
--@families seat stats
--@args layout name slot number lease want empty waits tallies groups...
local seatKey = seat_ .. name
local M = redis.call('HMGET', meta, 'layout', 'paused', 'token', 'drainer', 'big', 'seen', 'gap', 'thawed', 'succeeded')
local refused = checkLayout(M[1])
if refused then return refused end
local groups = REST + 5 * tonumber(tallies)
local H = redis.call('HMGET', seatKey, 'lease', slot, 'alone', 'suspect', 'dying', 't' .. (ARGV[groups + 1] or ''))
if not H[1] or H[5] then return redis.error_reply('MILLRACE FENCED') end
local lastNumber, lastToken, lastLost = (H[2] or '0  '):match('^(%d+) (%d*) (.*)$')
local repeated = number == lastNumber
if not repeated and tonumber(number) ~= tonumber(lastNumber) + 1 then return redis.error_reply('MILLRACE ORDER ' .. lastNumber) end
local there = repeated and 2 or redis.call('EXISTS', attrs, crashes, cancels, tombs, attempts, history, urgent, background, suspects, solo, ready)
-- Nothing waits; and nothing but ordinary jobs does.
local still = there == 0
local plain = still or (there == 1 and redis.call('EXISTS', ready) == 1)
-- Whether this seat waits at the door from now on, as a flag.
local function waitAtDoor(can)
  if waits ~= '1' then return 0 end
  local place = H[1] .. ' ' .. name
  if can then redis.call('ZADD', door, NOW, place) else redis.call('ZREM', door, place) end
  return can and 8 or 0
end
--@include quick-exchange

-- The general case.
--@include sparse
--@include settle
--@include take
--@include describe
if repeated then
  local text = lastToken ~= '' and redis.call('HGET', seatKey, 't' .. lastToken)
  local ids = text and heldIds(text) or {}
  return { #ids > 0 and lastToken or '', table.concat(ids, ' '), messagesOf(ids), lastLost, cancelledHere(), 0, describe(ids, H[3]) }
end
if plain then
  for _, key in ipairs({ attrs, crashes, cancels, tombs, attempts, history, urgent, background, suspects, solo }) do SPARSE[key] = false end
end

settle(seatKey, groups)
local alone, suspect = letGo(seatKey, H[3], H[4])
local lost = table.concat(LOST, ' ')

local flags, token, joined = 0, '', ''
want = math.min(tonumber(want), 1000)
local function handOut()
  placeSettled()
  tally(REST, groups - 1)
  -- What settling just made (retries, joins) must be seen by what is handed out.
  if not plain or #OUT > SUCCEEDED then SPARSE = {} end
  local fields = {}
  if M[2] then
    flags = 4
  elseif want > 0 then
    local nowAlone, nowSuspect, drain = take(name, want, empty == '1', alone, suspect, M[4], M[5] and tonumber(M[5]))
    if drain then flags = flags + 1 end
    if nowAlone then
      fields = { 'alone', nowAlone }
      alone = nowAlone
    end
    if nowSuspect then fields = { 'suspect', nowSuspect } end
    if not drain and not alone and (CUT or #IDS >= want or BYTES * 2 >= REPLY_BYTES) and redis.call('EXISTS', ready, urgent, background, suspects, solo) > 0 then
      flags = flags + 2
      arm()
    end
  elseif redis.call('EXISTS', ready, urgent, background, suspects, solo) > 0 then
    -- Perhaps this worker took the wake token and has no room: it is another's.
    arm()
  end
  local alive = aliveFields(M[6], M[7], M[8])
  if #IDS > 0 then
    joined = table.concat(IDS, ' ')
    token = num(math.max(tonumber(M[3] or '0') + 1, NOW_US))
    fields[#fields + 1] = 't' .. token
    fields[#fields + 1] = ' ' .. joined .. ' '
    alive[#alive + 1] = 'token'
    alive[#alive + 1] = token
  end
  redis.call('HSET', meta, unpack(alive))
  redis.call('HSET', seatKey, slot, number .. ' ' .. token .. ' ' .. lost, unpack(fields))
end
local ok, problem = pcall(handOut)
if not ok then
  unpop()
  forgetAsked()
  redis.call('HSET', seatKey, slot, number .. '  ' .. lost)
  error(problem, 0)
end

redis.call('ZADD', workers, leaseEnd(lease, holdsAny(seatKey, #IDS > 0, lease)), name)
flags = flags + waitAtDoor(want > 0 and #IDS == 0 and flags == 0)
return { token, joined, '[' .. table.concat(MESSAGES, ',') .. ']', lost, cancelledHere(), flags, describe(IDS, alone) }
