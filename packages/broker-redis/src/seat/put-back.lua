-- Puts back, uncounted, what a seat holds under tokens that are not among `known`; with `leave` = '1' the seat ends.
-- A job that is delivered at most once and was held by a leaving worker may have run: it fails.
-- What the seat had ended ahead is counted as the success that it is. At most 1,000 jobs a call. The seat is not at the door any more.
-- returns { jobs put back, 1 when more is left, the last token of the lane: what was handed out before is put back, or known }
-- errors: MILLRACE FENCED (not when leaving: leaving twice is fine)
-- repeat: finds nothing left to do
-- failing half-way: jobs are still held, or ready, or wait in `due`; a seat that is half gone is removed by the sweep
--@flags allow-oom
--@include clock
--@include held
--@include finish
--@include history
--@include ended-ahead
--@keys workers dying cancels door
--@families seat
--@args layout name leave amoFailure known...
local seatKey = seat_ .. name
local H = redis.call('HMGET', seatKey, 'lease', 'dying', 'alone', 'suspect')
if not H[1] or H[2] then
  if leave == '1' then
    if not H[1] then redis.call('ZREM', workers, name) end
    return { 0, 0, '0' }
  end
  return redis.error_reply('MILLRACE FENCED')
end
redis.call('ZREM', door, H[1] .. ' ' .. name)
local keep = {}
for i = REST, #ARGV do keep['t' .. ARGV[i]] = true end
local tokens = {}
for _, field in ipairs(redis.call('HKEYS', seatKey)) do
  if field:sub(1, 1) == 't' and not keep[field] then tokens[#tokens + 1] = field end
end
table.sort(tokens)

local function putBack(field, ids)
  if #ids == 0 then return countEndedAhead(seatKey, field) end
  local gone = { field }
  local back, cancel, fail, bodies, records = {}, {}, {}, {}, {}
  local as, asked = redis.call('HMGET', attrs, unpack(ids)), redis.call('HMGET', cancels, unpack(ids))
  for i = 1, #ids do
    local a = decodeAttrs(as[i])
    if asked[i] then
      cancel[#cancel + 1] = ids[i]
    elseif leave == '1' and a and a.m then
      local k = #fail + 1
      fail[k], bodies[k], records[k] = ids[i], '1 ' .. amoFailure, amoFailure
    else
      back[#back + 1] = ids[i]
    end
    if ids[i] == H[3] then gone[#gone + 1] = 'alone' end
    if ids[i] == H[4] then gone[#gone + 1] = 'suspect' end
  end
  finish(cancel, 'C')
  if #fail > 0 then
    remember(fail, records)
    SPARSE = {}
    finish(fail, 'F', bodies)
  end
  if #cancel > 0 then redis.call('HDEL', cancels, unpack(cancel)) end
  local ok, problem = pcall(redis.call, 'HDEL', seatKey, unpack(gone))
  if not ok then
    for i = 1, #cancel do redis.call('HSET', cancels, cancel[i], NOW) end
    error(problem, 0)
  end
  pushMany(back, true)
  if #fail > 0 then redis.call('HINCRBY', meta, 'failedEver', #fail) end
end

local count, more = 0, 0
for t = #tokens, 1, -1 do
  local ids = heldIds(redis.call('HGET', seatKey, tokens[t]))
  if count > 0 and count + #ids > 1000 then
    more = 1
    break
  end
  count = count + #ids
  putBack(tokens[t], ids)
end
if leave == '1' and more == 0 then
  redis.call('DEL', seatKey)
  redis.call('ZREM', workers, name)
end
return { count, more, redis.call('HGET', meta, 'token') or '0' }
