-- The one way a job ends. Frees its unique key, remembers a named id, keeps the outcome where it is wanted, tells the
-- waiters, feeds what waits for it, and forgets it. The caller takes it out of the structure where it was, afterwards: a script
-- that fails on the way leaves the job where it can be found, and doing it all again changes nothing.
-- letter: S succeeded, F failed (kept, with its history), C cancelled, X expired.
-- bodies[i]: opaque text of the outcome ('' for none); keeps[i]: ms to keep it, 0 for not at all. At most 1,000 ids.
--@include clock
--@include sparse
--@include joins
--@include tell
--@keys jobs attrs attempts crashes history cancels waiters failed seen
--@families unique join
local function freeUnique(id, a)
  if a.u and redis.call('GET', unique_ .. a.u) == id then redis.call('DEL', unique_ .. a.u) end
end

local function finishOne(id, letter, body, keep, clients, a)
  tell(id, clients, letter .. body, keep)
  if not a then return end
  freeUnique(id, a)
  if a.w and letter ~= 'F' then redis.call('DEL', join_ .. id) end
  if a.j then feed(a.j, id, letter, body) end
end

-- Forgets all that was known of jobs beside their messages; not `cancels`: that was asked of running ones, whose callers forget it
-- once the seat holds them no more.
local function sweepUp(ids)
  for _, key in ipairs({ attrs, attempts, history, crashes, waiters }) do
    if has(key) then redis.call('HDEL', key, unpack(ids)) end
  end
end

local function finish(ids, letter, bodies, keeps)
  local n = #ids
  if n == 0 then return end
  local as = has(attrs) and redis.call('HMGET', attrs, unpack(ids))
  local ws = has(waiters) and redis.call('HMGET', waiters, unpack(ids))
  if as or ws or bodies then
    local named = {}
    for i = 1, n do
      local a = as and decodeAttrs(as[i])
      finishOne(ids[i], letter, bodies and bodies[i] or '', keeps and keeps[i] or 0, ws and ws[i], a)
      if a and a.n and letter ~= 'F' then
        named[#named + 1] = NOW
        named[#named + 1] = ids[i]
      end
    end
    if #named > 0 then redis.call('ZADD', seen, unpack(named)) end
  end
  if letter == 'F' then
    local rows = {}
    for i = 1, n do
      rows[2 * i - 1] = NOW
      rows[2 * i] = ids[i]
    end
    redis.call('ZADD', failed, unpack(rows))
    if ws then redis.call('HDEL', waiters, unpack(ids)) end
  else
    redis.call('HDEL', jobs, unpack(ids))
    sweepUp(ids)
  end
end
