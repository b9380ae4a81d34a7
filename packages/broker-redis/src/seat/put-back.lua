-- Puts back, uncounted, what a seat holds under tokens that are not among `known`; with `leave` = '1' the seat ends.
-- A job that is delivered at most once and was held by a leaving worker may have run: it fails.
-- At most 1,000 jobs a call. returns { jobs put back, 1 when more is left }
-- errors: MILLRACE FENCED (not when leaving: leaving twice is fine)
-- repeat: finds nothing left to do
--@flags allow-oom
--@include clock
--@include held
--@include finish
--@include history
--@keys workers dying cancels
--@families seat
--@args layout name leave amoFailure known...
local seatKey = seat_ .. name
local H = redis.call('HMGET', seatKey, 'lease', 'dying')
if not H[1] or H[2] then
  if leave == '1' then return { 0, 0 } end
  return redis.error_reply('MILLRACE FENCED')
end
local keep = {}
for i = REST, #ARGV do keep['t' .. ARGV[i]] = true end
local tokens = {}
for _, field in ipairs(redis.call('HKEYS', seatKey)) do
  if field:sub(1, 1) == 't' and not keep[field] then tokens[#tokens + 1] = field end
end
table.sort(tokens)
local back, cancel, failedIds, count, more = {}, {}, {}, 0, 0
for t = #tokens, 1, -1 do
  local ids = heldIds(redis.call('HGET', seatKey, tokens[t]))
  if count > 0 and count + #ids > 1000 then
    more = 1
    break
  end
  count = count + #ids
  for i = 1, #ids do
    local a = decodeAttrs(redis.call('HGET', attrs, ids[i]))
    if redis.call('HEXISTS', cancels, ids[i]) == 1 then cancel[#cancel + 1] = ids[i]
    elseif leave == '1' and a and a.m then failedIds[#failedIds + 1] = ids[i]
    else back[#back + 1] = ids[i] end
  end
  local S = redis.call('HMGET', seatKey, 'alone', 'suspect')
  for i = 1, #ids do
    if ids[i] == S[1] then redis.call('HDEL', seatKey, 'alone') end
    if ids[i] == S[2] then redis.call('HDEL', seatKey, 'suspect') end
  end
  redis.call('HDEL', seatKey, tokens[t])
  pushMany(back, true)
  back = {}
end
finish(cancel, 'C')
if #failedIds > 0 then
  local bodies, records, keeps = {}, {}, {}
  for i = 1, #failedIds do
    bodies[i], records[i], keeps[i] = '1 ' .. amoFailure, amoFailure, 0
  end
  remember(failedIds, records)
  finish(failedIds, 'F', bodies, keeps)
end
if leave == '1' and more == 0 then
  redis.call('DEL', seatKey)
  redis.call('ZREM', workers, name)
end
return { count, more }
