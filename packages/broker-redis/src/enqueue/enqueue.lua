-- Puts up to 1,000 jobs on a lane.
-- number: of this call in its session; behind it a `+` where the producer has not had the session's age noted for a while
-- waiter: the client that waits for the ends of the ordinary jobs at the head of the batch, or ''
-- first `plain` pairs (id, message), the ordinary jobs at the head of the batch; then quadruples (id, message, stored attributes as JSON or '', instructions):
--   instructions '' | 'n' | 'd<ms>' | 'a<epoch ms>' | JSON {d,a,u,uf,n,w,x,p}: delay, at, unique key, its ms, named, waits for, expires after ms, priority
-- returns '' when all were accepted, else '<0-based position>D' (duplicate) or '<position>C<holder>' (conflict), blank-separated
-- errors: MILLRACE LAYOUT, NOSESSION, ORDER
-- A lone ordinary job is handed to a seat that waits at the door, if there is one: held by it from then on, as if an exchange had taken it.
-- failing half-way: it is undone, all of it, and the repeat does it; of a job that takes a remembered name its old result is gone
-- repeat: answered from the session by its number; any other number than the next is refused unexecuted
--@keys meta
--@args layout session number waiter plain jobs...
local field = 's:' .. session
local M = redis.call('HMGET', meta, 'layout', field, 'big', 'paused', 'token')
if not M[2] then return redis.error_reply('MILLRACE NOSESSION') end
local lastNumber, busy, lastAnswer = M[2]:match('^(%d+)(%*?):(.*)$')
local refresh = number:sub(-1) == '+'
if refresh then number = number:sub(1, -2) end
if number == lastNumber then return lastAnswer end
if tonumber(number) ~= tonumber(lastNumber) + 1 then return redis.error_reply('MILLRACE ORDER ' .. lastNumber) end
--@include behind-others
--@include lone-job
--@include layout
local refused = checkLayout(M[1])
if refused then return refused end

local biggest = 4096
-- The end of a call that goes well.
local function close(readied, answer)
  if biggest > 4096 and biggest > tonumber(M[3] or '0') then redis.call('HSET', meta, 'big', biggest) end
  if readied and redis.call('EXISTS', wake) == 0 then redis.call('RPUSH', wake, '1') end
  if refresh then redis.call('ZADD', sessionsByAge, redis.call('TIME')[1] * 1000, session) end
  redis.call('HSET', meta, field, number .. ':' .. answer)
end

local function watch(ids)
  local rows, text = {}, ' ' .. waiter .. ' '
  for i = 1, #ids do rows[2 * i - 1], rows[2 * i] = ids[i], text end
  redis.call('HSET', waiters, unpack(rows))
end

plain = tonumber(plain)
-- Ordinary jobs alone: before the definitions of the general case, which cost more to make than a job does.
if plain > 0 and REST + 2 * plain > #ARGV and redis.call('EXISTS', tombs) == 0 then
  local ids, n = {}, 0
  for i = REST, #ARGV, 2 do
    n = n + 1
    ids[n] = ARGV[i]
    if #ARGV[i + 1] > biggest then biggest = #ARGV[i + 1] end
  end
  local placed = false
  local ok, problem = pcall(function()
    redis.call('HSET', jobs, unpack(ARGV, REST))
    if waiter ~= '' then watch(ids) end
    redis.call('RPUSH', ready, unpack(ids))
    placed = true
    close(true, '')
  end)
  if ok then return '' end
  for i = 1, placed and n or 0 do redis.call('LREM', ready, -1, ids[i]) end
  if waiter ~= '' then redis.call('HDEL', waiters, unpack(ids)) end
  redis.call('HDEL', jobs, unpack(ids))
  error(problem, 0)
end

--@keys attrs crashes parked seen
--@families unique result
-- Jobs with names and nothing else, as ticks of schedules are: all at once, but for those that are there already.
local named = plain == 0
for i = REST + 3, #ARGV, 4 do
  if ARGV[i] ~= 'n' then
    named = false
    break
  end
end
if named and redis.call('EXISTS', tombs, crashes) == 0 then
  local ids = {}
  for i = REST, #ARGV, 4 do ids[#ids + 1] = ARGV[i] end
  local live, ended = redis.call('HMGET', jobs, unpack(ids)), redis.call('ZMSCORE', seen, unpack(ids))
  local answers, fresh, here = {}, {}, {}
  local messages, facts, results = {}, {}, {}
  for k = 1, #ids do
    local id, at = ids[k], REST + 4 * (k - 1)
    if live[k] or ended[k] or here[id] then
      answers[#answers + 1] = k - 1 .. 'D'
    else
      local n = #fresh
      here[id], fresh[n + 1], results[n + 1] = true, id, result_ .. id
      messages[2 * n + 1], messages[2 * n + 2], facts[2 * n + 1], facts[2 * n + 2] = id, ARGV[at + 1], id, ARGV[at + 2]
      if #ARGV[at + 1] > biggest then biggest = #ARGV[at + 1] end
    end
  end
  local answer, placed = table.concat(answers, ' '), false
  local ok, problem = pcall(function()
    if #fresh > 0 then
      redis.call('HSET', jobs, unpack(messages))
      redis.call('DEL', unpack(results))
      redis.call('HSET', attrs, unpack(facts))
      redis.call('RPUSH', ready, unpack(fresh))
      placed = true
    end
    close(#fresh > 0, answer)
  end)
  if ok then return answer end
  if #fresh > 0 then
    for i = 1, placed and #fresh or 0 do redis.call('LREM', ready, -1, fresh[i]) end
    redis.call('HDEL', jobs, unpack(fresh))
    redis.call('HDEL', attrs, unpack(fresh))
  end
  error(problem, 0)
end

-- The general case.
--@include clock
--@include ready
--@include due
-- Everything is read before anything is written.
local specs = {}
for i = REST + 2 * plain, #ARGV, 4 do
  local how = ARGV[i + 3]
  local kind = how:sub(1, 1)
  if kind == '' then specs[i] = {}
  elseif kind == 'n' then specs[i] = { n = 1 }
  elseif kind == 'd' then specs[i] = { d = tonumber(how:sub(2)) }
  elseif kind == 'a' then specs[i] = { a = tonumber(how:sub(2)) }
  else specs[i] = cjson.decode(how) end
end

local answers = {}
local readied = false
-- What this call has written, in case that it must be undone: ids with a message, how many of the ordinary ones were placed, which of the
-- others were, and unique keys.
local written, placedPlain, placed, keys = {}, 0, {}, {}

local function enqueuePlain()
  local ids, last = {}, REST + 2 * plain - 1
  for i = REST, last, 2 do
    ids[#ids + 1] = ARGV[i]
    if #ARGV[i + 1] > biggest then biggest = #ARGV[i + 1] end
  end
  written = ids
  redis.call('HSET', jobs, unpack(ARGV, REST, last))
  if waiter ~= '' then watch(ids) end
  if redis.call('EXISTS', tombs) == 0 then
    redis.call('RPUSH', ready, unpack(ids))
    placedPlain = #ids
  else
    for i = 1, #ids do
      pushOne(ids[i], nil, false)
      placedPlain = i
    end
  end
  readied = true
end

local function refusalOf(position, id, spec)
  if spec.n and (redis.call('HEXISTS', jobs, id) == 1 or redis.call('ZSCORE', seen, id)) then return position .. 'D' end
  if not spec.u then return nil end
  local holder = redis.call('GET', unique_ .. spec.u)
  -- A holder that no longer lives (its keys were lost) holds nothing.
  if holder and redis.call('HEXISTS', jobs, holder) == 1 then return position .. 'C' .. holder end
end

local function enqueueOne(id, message, stored, spec)
  if #message > biggest then biggest = #message end
  local at = spec.d and NOW + spec.d or spec.a
  written[#written + 1] = id
  redis.call('HSET', jobs, id, message)
  if spec.n then redis.call('DEL', result_ .. id) end
  if spec.x then stored = '{"x":' .. num(NOW + spec.x) .. (stored == '{}' and '}' or ',' .. stored:sub(2)) end
  if spec.w and at then stored = '{"t":' .. num(at) .. ',' .. stored:sub(2) end
  if stored ~= '' then redis.call('HSET', attrs, id, stored) end
  if spec.u then
    keys[#keys + 1] = unique_ .. spec.u
    if spec.uf then redis.call('SET', unique_ .. spec.u, id, 'PX', spec.uf) else redis.call('SET', unique_ .. spec.u, id) end
  end
  placed[#placed + 1] = id
  if spec.w then
    redis.call('ZADD', parked, NOW, id)
  elseif at and at > NOW then
    schedule(at, id)
  else
    placed[#placed] = nil
    pushOne(id, spec, false)
    placed[#placed + 1] = id
    readied = true
  end
end

local answer
local ok, problem = pcall(function()
  if plain > 0 then enqueuePlain() end
  local position = plain
  for i = REST + 2 * plain, #ARGV, 4 do
    local refusal = refusalOf(position, ARGV[i], specs[i])
    if refusal then answers[#answers + 1] = refusal else enqueueOne(ARGV[i], ARGV[i + 1], ARGV[i + 2], specs[i]) end
    position = position + 1
  end
  answer = table.concat(answers, ' ')
  close(readied, answer)
end)
if not ok then
  for i = 1, placedPlain do redis.call('LREM', ready, -1, written[i]) end
  for i = 1, #placed do
    if redis.call('ZREM', due, placed[i]) + redis.call('ZREM', parked, placed[i]) + redis.call('ZREM', urgent, placed[i]) + redis.call('ZREM', background, placed[i]) == 0 then
      redis.call('LREM', ready, -1, placed[i])
    end
  end
  for i = 1, #written do
    redis.call('HDEL', jobs, written[i])
    redis.call('HDEL', attrs, written[i])
    if waiter ~= '' then redis.call('HDEL', waiters, written[i]) end
  end
  for i = 1, #keys do redis.call('DEL', keys[i]) end
  error(problem, 0)
end
return answer
