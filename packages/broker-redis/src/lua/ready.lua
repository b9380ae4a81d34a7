-- Everything that makes a job ready goes through here.
--
-- A cancelled job that waited in the `ready` list leaves its entry behind (no O(n) removal) and a tombstone in `tombs`.
-- Invariant: entries of an id in `ready` = (1 if it is live there) + (1 if it has a tombstone), and never both:
-- a job that becomes ready while its tombstone stands takes over the old entry.
--@include attributes
--@include due
--@keys jobs attrs ready urgent background suspects solo crashes tombs wake meta due
local DEFAULT_MAX_CRASHES = 3

local function arm()
  if redis.call('EXISTS', wake) == 0 then redis.call('RPUSH', wake, '1') end
end

-- Puts one job where it waits for a worker. `front`: before what waits already (released, reclaimed).
-- A job with one crash left goes to `solo`, whatever else it is: it must run alone.
-- Exactly one write places the job, and it is the last one.
local function pushOne(id, a, front)
  local c = redis.call('HGET', crashes, id)
  if c then
    local limit = a and a.c or DEFAULT_MAX_CRASHES
    if tonumber(c) >= limit - 1 then
      redis.call('RPUSH', solo, id)
      return
    end
    redis.call(front and 'LPUSH' or 'RPUSH', suspects, id)
    return
  end
  local p = a and a.p
  if p then
    local seq
    if front then seq = redis.call('HINCRBY', meta, 'frontSeq', -1) else seq = redis.call('HINCRBY', meta, 'seq', 1) end
    redis.call('ZADD', p > 0 and urgent or background, -p * 1099511627776 + seq, id)
    return
  end
  if redis.call('SREM', tombs, id) == 1 then return end
  redis.call(front and 'LPUSH' or 'RPUSH', ready, id)
end

-- Many jobs without attributes, crashes or tombstones: the fast path. In order; `front` keeps their order too.
local function pushPlain(ids, front)
  if not front then
    redis.call('RPUSH', ready, unpack(ids))
    return
  end
  local reversed, n = {}, #ids
  for i = 1, n do reversed[i] = ids[n + 1 - i] end
  redis.call('LPUSH', ready, unpack(reversed))
end

-- Many jobs, at most 1,000, that the caller has just taken from where they were; looks at the sparse structures only
-- where there are any. Should that fail, nothing is lost: who was not placed waits in `due`, for now, and the error goes on.
local function pushMany(ids, front)
  local n = #ids
  if n == 0 then return end
  local placed = {}
  local ok, problem = pcall(function()
    if redis.call('EXISTS', attrs, crashes, tombs) == 0 then
      pushPlain(ids, front)
      return
    end
    local found = redis.call('HMGET', attrs, unpack(ids))
    local fallen = redis.call('HMGET', crashes, unpack(ids))
    local dead = redis.call('SMISMEMBER', tombs, unpack(ids))
    local first, last, step = 1, n, 1
    if front then first, last, step = n, 1, -1 end
    -- Ordinary ones that follow each other, in the order in which they are pushed.
    local run = {}
    local function pushRun()
      if #run == 0 then return end
      redis.call(front and 'LPUSH' or 'RPUSH', ready, unpack(run))
      for k = 1, #run do placed[run[k]] = true end
      run = {}
    end
    for i = first, last, step do
      local a = decodeAttrs(found[i])
      if fallen[i] or dead[i] == 1 or (a and a.p) then
        pushRun()
        pushOne(ids[i], a, front)
        placed[ids[i]] = true
      else
        run[#run + 1] = ids[i]
      end
    end
    pushRun()
  end)
  if not ok then
    for i = 1, n do
      if not placed[ids[i]] then redis.call('ZADD', due, NOW, ids[i]) end
    end
    ring()
    error(problem, 0)
  end
  arm()
end
