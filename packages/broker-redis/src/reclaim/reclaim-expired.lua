-- Takes back the jobs of seats whose lease has ended, at most about 1,000 a call, in token order. One crash is counted to each; to one
-- that crashed before only if its handler had begun. At its last crash a job fails as poison, with one left it must run alone, else
-- it is handed out before others, one at a time.
-- If the store was silent for longer than 0.6 leases (frozen, restarted), nobody could renew: a lease that ends within one length of
-- the end of the silence is extended to it; at most three times in a row, so that a slow dispatcher does not keep the dead alive.
-- What a seat had ended ahead is counted as the success that it is.
-- returns { reclaimed, poisoned, 1 when more is left, 'crashes, 1 when it failed, id' of the first so many that crashed }
-- errors: MILLRACE LAYOUT, STALE
-- repeat: finds nothing left to do
-- failing half-way: what was not taken back is still held by a seat that is being reclaimed; the next call goes on
--@flags allow-oom
--@include epoch
--@include held
--@include finish
--@include history
--@include ended-ahead
--@include lease
--@keys ready urgent background workers dying cancels crashes suspects solo attempts jobs door
--@families seat
--@args layout epoch poison lost told
local MAX_GRACES = 3
local alive = aliveFields(M[3], M[4], M[5])
redis.call('HSET', meta, unpack(alive))
local gap, thawed = tonumber(alive[4] or M[4] or '0'), tonumber(alive[6] or M[5] or '0')

-- Until when this lease is good for the silence's sake; nothing when it is not.
local function graceOf(name, ended, lease)
  if gap <= 0.6 * lease or NOW >= thawed + lease then return nil end
  local count, till = (redis.call('HGET', seat_ .. name, 'grace') or ''):match('^(%d+) (%d+)$')
  -- Not renewed since the last grace: its end is where that put it.
  count = till and tonumber(till) == tonumber(ended) and tonumber(count) + 1 or 1
  if count > MAX_GRACES then return nil end
  redis.call('HSET', seat_ .. name, 'grace', count .. ' ' .. num(thawed + lease))
  return thawed + lease
end

local expired = redis.call('ZRANGEBYSCORE', workers, '-inf', NOW, 'WITHSCORES', 'LIMIT', 0, 100)
for i = 1, #expired, 2 do
  local name = expired[i]
  local lease = tonumber(redis.call('HGET', seat_ .. name, 'lease') or '')
  local till = lease and graceOf(name, expired[i + 1], lease)
  if till then
    redis.call('ZADD', workers, till, name)
  else
    -- Without a lease of its own it is what a job left that was handed to a seat which the store had lost.
    if lease or redis.call('EXISTS', seat_ .. name) == 1 then
      if lease then redis.call('ZREM', door, num(lease) .. ' ' .. name) end
      redis.call('HSET', seat_ .. name, 'dying', '1')
      redis.call('ZADD', dying, NOW, name)
    end
    redis.call('ZREM', workers, name)
  end
end

local reclaimed, poisoned, crashed = 0, 0, {}

-- Takes back what a seat held under one token. `begun`: its note of what began; nothing where its worker writes none.
local function reclaim(seatKey, field, begun)
  local ids = heldIds(redis.call('HGET', seatKey, field))
  if #ids == 0 then return countEndedAhead(seatKey, field) end
  local there = redis.call('HMGET', jobs, unpack(ids))
  local as = redis.call('HMGET', attrs, unpack(ids))
  local asked = redis.call('HMGET', cancels, unpack(ids))
  local tries = redis.call('HMGET', attempts, unpack(ids))
  local falls = redis.call('HMGET', crashes, unpack(ids))
  local cancel, fail, bodies, records, counted, news = {}, {}, {}, {}, {}, {}
  local back = { [suspects] = {}, [solo] = {} }
  local nPoison, nCrashed = 0, 0
  for i = 1, #ids do
    local id, a = ids[i], decodeAttrs(as[i])
    if asked[i] then
      cancel[#cancel + 1] = id
    elseif there[i] then
      local c = tonumber(falls[i] or '0')
      local limit = a and a.c or DEFAULT_MAX_CRASHES
      local charged = c == 0 or not begun or begun == field:sub(2) .. ':' .. id
      if charged then
        c = c + 1
        nCrashed = nCrashed + 1
        counted[2 * nCrashed - 1], counted[2 * nCrashed] = id, c
      end
      if c >= limit or (a and a.m) then
        local k = #fail + 1
        fail[k], records[k] = id, c >= limit and poison or lost
        bodies[k] = ((tries[i] or 0) + 1) .. ' ' .. records[k]
        if c >= limit then nPoison = nPoison + 1 end
      else
        local list = back[c >= limit - 1 and solo or suspects]
        list[#list + 1] = id
      end
      if charged and #crashed + #news < tonumber(told) then
        news[#news + 1] = c .. ' ' .. ((c >= limit or (a and a.m)) and 1 or 0) .. ' ' .. id
      end
    end
  end
  SPARSE = {}
  finish(cancel, 'C')
  if #fail > 0 then
    remember(fail, records)
    finish(fail, 'F', bodies)
  end
  -- All of this or none of it: a crash is counted once, and the job stands in one list.
  local ok, problem = pcall(function()
    if nCrashed > 0 then redis.call('HSET', crashes, unpack(counted)) end
    for _, list in ipairs({ suspects, solo }) do
      if #back[list] > 0 then redis.call('RPUSH', list, unpack(back[list])) end
    end
    if #cancel > 0 then redis.call('HDEL', cancels, unpack(cancel)) end
    redis.call('HDEL', seatKey, field)
  end)
  if not ok then
    for i = 1, #ids do
      if asked[i] then
        redis.call('HSET', cancels, ids[i], asked[i])
      elseif there[i] then
        if falls[i] then redis.call('HSET', crashes, ids[i], falls[i]) else redis.call('HDEL', crashes, ids[i]) end
        redis.call('LREM', suspects, 0, ids[i])
        redis.call('LREM', solo, 0, ids[i])
      end
    end
    error(problem, 0)
  end
  reclaimed, poisoned = reclaimed + #ids, poisoned + nPoison
  for i = 1, #news do crashed[#crashed + 1] = news[i] end
  if #fail > 0 then redis.call('HINCRBY', meta, 'failedEver', #fail) end
  if nCrashed > 0 then redis.call('HINCRBY', meta, 'crashed', nCrashed) end
end

local more = #expired == 200 and 1 or 0
for _, name in ipairs(redis.call('ZRANGE', dying, 0, 9)) do
  local tokens, begun = {}, redis.call('HGET', seat_ .. name, 'begun')
  for _, field in ipairs(redis.call('HKEYS', seat_ .. name)) do
    if field:sub(1, 1) == 't' then tokens[#tokens + 1] = field end
  end
  table.sort(tokens)
  for i = 1, #tokens do
    if reclaimed >= 1000 then
      more = 1
      break
    end
    reclaim(seat_ .. name, tokens[i], begun)
  end
  if more == 1 then break end
  redis.call('DEL', seat_ .. name)
  redis.call('ZREM', dying, name)
end
-- A wake token may have gone to a worker that is frozen or cut off: while something waits, each sweep arms it anew.
if reclaimed > 0 or redis.call('EXISTS', ready, urgent, background, suspects, solo) > 0 then arm() end
if redis.call('ZCARD', dying) > 0 then more = 1 end
return { reclaimed, poisoned, more, crashed }
