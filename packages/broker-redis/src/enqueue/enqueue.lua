-- Puts up to 1,000 jobs on a lane.
-- first `plain` pairs (id, message), the ordinary jobs at the head of the batch; then quadruples (id, message, stored attributes as JSON or '', instructions):
--   instructions '' | 'd<ms>' | 'a<epoch ms>' | JSON {d,a,u,uf,n,w,x,p}: delay, at, unique key, its ms, named, waits for, expires after ms, priority
-- returns '' when all were accepted, else '<0-based position>D' (duplicate) or '<position>C<holder>' (conflict), blank-separated
-- errors: MILLRACE LAYOUT, NOSESSION, ORDER
-- repeat: answered from the session by its number; any other number than the next is refused unexecuted
--@include clock
--@include layout
--@include ready
--@include due
--@keys jobs attrs ready parked seen sessions sessionsByAge
--@families unique result
--@args layout session number plain jobs...
local S = redis.call('HGET', sessions, session)
if not S then return redis.error_reply('MILLRACE NOSESSION') end
local lastNumber, refreshed, lastAnswer = S:match('^(%d+):(%d+):(.*)$')
if number == lastNumber then return lastAnswer end
if tonumber(number) ~= tonumber(lastNumber) + 1 then return redis.error_reply('MILLRACE ORDER ' .. lastNumber) end
local M = redis.call('HMGET', meta, 'layout', 'big')
local refused = checkLayout(M[1])
if refused then return refused end

local answers = {}
local biggest = 4096
local readied = false
plain = tonumber(plain)
if plain > 0 then
  local ids, last = {}, REST + 2 * plain - 1
  for i = REST, last, 2 do
    ids[#ids + 1] = ARGV[i]
    if #ARGV[i + 1] > biggest then biggest = #ARGV[i + 1] end
  end
  redis.call('HSET', jobs, unpack(ARGV, REST, last))
  if redis.call('EXISTS', tombs) == 0 then
    redis.call('RPUSH', ready, unpack(ids))
  else
    for i = 1, #ids do pushOne(ids[i], nil, false) end
  end
  readied = true
end

local position = plain
for i = REST + 2 * plain, #ARGV, 4 do
  local id, message, stored, how = ARGV[i], ARGV[i + 1], ARGV[i + 2], ARGV[i + 3]
  local kind = how:sub(1, 1)
  local delay, at, spec
  if kind == '' then spec = nil
  elseif kind == 'd' then delay = tonumber(how:sub(2))
  elseif kind == 'a' then at = tonumber(how:sub(2))
  else
    spec = cjson.decode(how)
    delay, at = spec.d, spec.a
  end
  local refusal
  if spec and spec.n and (redis.call('HEXISTS', jobs, id) == 1 or redis.call('ZSCORE', seen, id)) then
    refusal = position .. 'D'
  elseif spec and spec.u then
    local holder = redis.call('GET', unique_ .. spec.u)
    if holder then refusal = position .. 'C' .. holder end
  end
  if refusal then
    answers[#answers + 1] = refusal
  else
    if #message > biggest then biggest = #message end
    redis.call('HSET', jobs, id, message)
    if spec and spec.n then redis.call('DEL', result_ .. id) end
    if spec and spec.x then
      stored = '{"x":' .. num(NOW + spec.x) .. (stored == '{}' and '}' or ',' .. stored:sub(2))
    end
    if stored ~= '' then redis.call('HSET', attrs, id, stored) end
    if spec and spec.u then
      if spec.uf then redis.call('SET', unique_ .. spec.u, id, 'PX', spec.uf) else redis.call('SET', unique_ .. spec.u, id) end
    end
    if delay then at = NOW + delay end
    if spec and spec.w then
      redis.call('ZADD', parked, NOW, id)
    elseif at and at > NOW then
      schedule(at, id)
    else
      pushOne(id, spec and { p = spec.p }, false)
      readied = true
    end
  end
  position = position + 1
end

if biggest > 4096 and biggest > tonumber(M[2] or '0') then redis.call('HSET', meta, 'big', biggest) end
if readied then arm() end
local answer = table.concat(answers, ' ')
if NOW - tonumber(refreshed) > 60000 then
  refreshed = NOW
  redis.call('ZADD', sessionsByAge, NOW, session)
end
redis.call('HSET', sessions, session, number .. ':' .. refreshed .. ':' .. answer)
return answer
