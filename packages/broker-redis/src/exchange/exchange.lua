-- One conversation of a worker with a lane: settles what is done, hands out what fits, extends the lease.
-- tallies: `tallies` × (task, succeeded, retried, failed, busy ms); then settlement groups (lua/settle.lua)
-- returns { token, ids, messages as one JSON array text, lost ordinals, cancelled ids, flags, extras }; flags: 1 drain, 2 more, 4 paused
--   extras: JSON rows [position, attempts, crashes, bits]; bits: 1 alone, 2 composed, 4 feeds, 8 at most once
-- errors: MILLRACE LAYOUT, FENCED (the seat was reclaimed or has left), ORDER
-- repeat: the same number of a slot is answered from what the seat holds under that call's token; nothing is done twice
-- runs in a full Redis too: it is what drains it
--@flags allow-oom
--@include clock
--@include layout
--@include sparse
--@include settle
--@include take
--@include describe
--@keys meta workers cancels ready urgent background suspects solo attrs crashes waiters tombs attempts history
--@families seat stats
--@args layout name slot number lease want empty tallies groups...
local seatKey = seat_ .. name
local M = redis.call('HMGET', meta, 'layout', 'paused', 'token', 'drainer', 'big')
local refused = checkLayout(M[1])
if refused then return refused end
local H = redis.call('HMGET', seatKey, 'lease', slot, 'alone', 'suspect', 'dying')
if not H[1] or H[5] then return redis.error_reply('MILLRACE FENCED') end

local lastNumber, lastToken, lastLost = (H[2] or '0  '):match('^(%d+) (%d*) (.*)$')
if number == lastNumber then
  local text = lastToken ~= '' and redis.call('HGET', seatKey, 't' .. lastToken)
  local ids = text and heldIds(text) or {}
  return { #ids > 0 and lastToken or '', table.concat(ids, ' '), messagesOf(ids), lastLost, cancelledHere(), 0, describe(ids, H[3]) }
end
if tonumber(number) ~= tonumber(lastNumber) + 1 then return redis.error_reply('MILLRACE ORDER ' .. lastNumber) end

if redis.call('EXISTS', attrs, crashes, cancels, waiters, tombs, attempts, history, urgent, background, suspects, solo) == 0 then
  for _, key in ipairs({ attrs, crashes, cancels, waiters, tombs, attempts, history, urgent, background, suspects, solo }) do SPARSE[key] = false end
end

local groups = REST
tallies = tonumber(tallies)
if tallies > 0 then
  local bucket = stats_ .. num(math.floor(NOW / 60000))
  for _ = 1, tallies do
    for k, figure in ipairs({ 's', 'r', 'f', 'b' }) do
      local by = ARGV[groups + k]
      if by ~= '0' then redis.call('HINCRBY', bucket, figure .. ':' .. ARGV[groups], by) end
    end
    groups = groups + 5
  end
  redis.call('EXPIRE', bucket, 7200)
end
settle(seatKey, groups)

local alone, suspect = H[3], H[4]
for i = 1, #OUT do
  if OUT[i] == alone then
    redis.call('HDEL', seatKey, 'alone')
    alone = false
  end
  if OUT[i] == suspect then
    redis.call('HDEL', seatKey, 'suspect')
    suspect = false
  end
end

-- What settling just made (retries, joins) must be seen by what is handed out.
SPARSE = {}
local flags, token = 0, ''
want = tonumber(want)
if M[2] then
  flags = 4
elseif want > 0 then
  local nowAlone, nowSuspect, drain = take(name, want, empty == '1', alone, suspect, M[4], M[5] and tonumber(M[5]))
  if drain then flags = flags + 1 end
  if nowAlone then
    redis.call('HSET', seatKey, 'alone', nowAlone)
    alone = nowAlone
  end
  if nowSuspect then redis.call('HSET', seatKey, 'suspect', nowSuspect) end
  if not drain and not alone and (#IDS >= want or BYTES * 2 >= REPLY_BYTES) and redis.call('EXISTS', ready, urgent, background, suspects, solo) > 0 then
    flags = flags + 2
    arm()
  end
end

local lost = table.concat(LOST, ' ')
local joined = table.concat(IDS, ' ')
if #IDS > 0 then
  token = num(math.max(tonumber(M[3] or '0') + 1, NOW_US))
  redis.call('HSET', meta, 'token', token, 'seen', NOW)
  redis.call('HSET', seatKey, slot, number .. ' ' .. token .. ' ' .. lost, 't' .. token, ' ' .. joined .. ' ')
else
  redis.call('HSET', meta, 'seen', NOW)
  redis.call('HSET', seatKey, slot, number .. '  ' .. lost)
end
redis.call('ZADD', workers, NOW + lease, name)
return { token, joined, '[' .. table.concat(MESSAGES, ',') .. ']', lost, cancelledHere(), flags, describe(IDS, alone) }
