-- Takes back the jobs of seats whose lease has ended, at most about 1,000 a call, in token order. One crash is counted to each: at
-- its last it fails as poison, with one left it must run alone, else it is handed out before others, one at a time.
-- If the store was silent for longer than 0.6 leases (frozen, restarted), nobody could renew: all get one full lease first.
-- returns { reclaimed, poisoned, 1 when more is left }
-- errors: MILLRACE LAYOUT, STALE
-- repeat: finds nothing left to do
--@flags allow-oom
--@include epoch
--@include held
--@include finish
--@include history
--@keys workers dying cancels crashes suspects solo attempts
--@families seat
--@args layout epoch poison lost
local silent = M[3] and NOW - tonumber(M[3]) or 0
redis.call('HSET', meta, 'seen', NOW)
local expired = redis.call('ZRANGEBYSCORE', workers, '-inf', NOW, 'LIMIT', 0, 100)
for i = 1, #expired do
  local lease = redis.call('HGET', seat_ .. expired[i], 'lease')
  if not lease then
    redis.call('ZREM', workers, expired[i])
  elseif silent > 0.6 * lease then
    redis.call('ZADD', workers, NOW + lease, expired[i])
  else
    redis.call('HSET', seat_ .. expired[i], 'dying', '1')
    redis.call('ZADD', dying, NOW, expired[i])
    redis.call('ZREM', workers, expired[i])
  end
end

local reclaimed, poisoned = 0, 0
local function reclaim(ids)
  local as = redis.call('HMGET', attrs, unpack(ids))
  local asked = redis.call('HMGET', cancels, unpack(ids))
  local tries = redis.call('HMGET', attempts, unpack(ids))
  local cancel, fail, bodies, records = {}, {}, {}, {}
  for i = 1, #ids do
    local id, a = ids[i], decodeAttrs(as[i])
    if asked[i] then
      cancel[#cancel + 1] = id
    else
      local c = redis.call('HINCRBY', crashes, id, 1)
      local limit = a and a.c or DEFAULT_MAX_CRASHES
      if c >= limit or (a and a.m) then
        local k = #fail + 1
        fail[k], records[k] = id, c >= limit and poison or lost
        bodies[k] = ((tries[i] or 0) + 1) .. ' ' .. records[k]
        if c >= limit then poisoned = poisoned + 1 end
      else
        redis.call('RPUSH', c >= limit - 1 and solo or suspects, id)
      end
    end
  end
  SPARSE = {}
  finish(cancel, 'C')
  if #fail > 0 then
    remember(fail, records)
    finish(fail, 'F', bodies)
    redis.call('HINCRBY', meta, 'failedEver', #fail)
  end
  redis.call('HINCRBY', meta, 'crashed', #ids)
end

local more = #expired == 100 and 1 or 0
for _, name in ipairs(redis.call('ZRANGE', dying, 0, 9)) do
  local tokens = {}
  for _, field in ipairs(redis.call('HKEYS', seat_ .. name)) do
    if field:sub(1, 1) == 't' then tokens[#tokens + 1] = field end
  end
  table.sort(tokens)
  for i = 1, #tokens do
    if reclaimed >= 1000 then
      more = 1
      break
    end
    local ids = heldIds(redis.call('HGET', seat_ .. name, tokens[i]))
    reclaim(ids)
    redis.call('HDEL', seat_ .. name, tokens[i])
    reclaimed = reclaimed + #ids
  end
  if more == 1 then break end
  redis.call('DEL', seat_ .. name)
  redis.call('ZREM', dying, name)
end
if reclaimed > 0 then arm() end
if redis.call('ZCARD', dying) > 0 then more = 1 end
return { reclaimed, poisoned, more }
