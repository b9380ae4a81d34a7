-- Keeps what the minutes that are over have counted: a line per minute for 49 h, a line per hour for 91 days, and how many jobs
-- waited in the last of them. At most 30 minutes a call. A line is JSON: [backlog or null, oldest or null, {task: [s, r, f, ms]}].
-- oldest: age of the job at the head of `ready`, ms, or ''
-- returns 1 when more minutes are left
-- repeat: the next minutes, if there are any
-- failing half-way: a minute may count twice in its hour
--@flags allow-oom
--@include clock
--@include layout
--@keys meta ready urgent background suspects solo due tombs
--@families stats minutes hours
--@args layout oldest
local refused = checkLayout(redis.call('HGET', meta, 'layout'))
if refused then return refused end
local STEP, KEPT = 30, 120
local now = math.floor(NOW / 60000)
local known = tonumber(redis.call('HGET', meta, 'rolled') or '')
local last = known and math.max(known, now - KEPT)
if not last then
  last = now - 2
  for minute = now - KEPT, now - 2 do
    if redis.call('EXISTS', stats_ .. num(minute)) == 1 then
      last = minute - 1
      break
    end
  end
end

local function talliesOf(minute)
  local row = redis.call('HGETALL', stats_ .. num(minute))
  if #row == 0 then return nil end
  local tasks, places = {}, { s = 1, r = 2, f = 3, b = 4 }
  for i = 1, #row, 2 do
    local place, task = places[row[i]:sub(1, 1)], row[i]:sub(3)
    if place then
      tasks[task] = tasks[task] or { 0, 0, 0, 0 }
      tasks[task][place] = tonumber(row[i + 1])
    end
  end
  return tasks
end

local function lineOf(backlog, oldest_, tasks)
  return '[' .. backlog .. ',' .. oldest_ .. ',' .. cjson.encode(tasks or {}) .. ']'
end

local function keep(family, seconds, index, line)
  local key = family .. num(math.floor(index[1] / index[2]))
  redis.call('HSET', key, num(index[1]), line)
  redis.call('EXPIRE', key, seconds)
end

local function addToHour(minute, backlog, oldest_, tasks)
  local hour = math.floor(minute / 60)
  local text = redis.call('HGET', hours_ .. num(math.floor(hour / 24)), num(hour))
  local sums = {}
  if text then
    local ok, line = pcall(cjson.decode, text)
    if ok then
      sums = line[3]
      if backlog == 'null' and line[1] ~= cjson.null then
        backlog, oldest_ = num(line[1]), line[2] ~= cjson.null and num(line[2]) or 'null'
      end
    end
  end
  for task, figures in pairs(tasks or {}) do
    local sum = sums[task] or { 0, 0, 0, 0 }
    for i = 1, 4 do sum[i] = sum[i] + figures[i] end
    sums[task] = sum
  end
  keep(hours_, 7862400, { hour, 24 }, lineOf(backlog, oldest_, sums))
end

local upto = math.min(now - 1, last + STEP)
for minute = last + 1, upto do
  local tasks = talliesOf(minute)
  local backlog, age = 'null', 'null'
  if minute == now - 1 then
    local waiting = redis.call('LLEN', ready) - redis.call('SCARD', tombs) + redis.call('ZCARD', urgent) + redis.call('ZCARD', background)
    waiting = waiting + redis.call('LLEN', suspects) + redis.call('LLEN', solo) + redis.call('ZCARD', due)
    backlog = num(math.max(0, waiting))
    if oldest ~= '' then age = oldest end
  end
  -- A minute without a line had nothing; one that nobody looked at must not seem so.
  if tasks or backlog ~= '0' then
    keep(minutes_, 176400, { minute, 1440 }, lineOf(backlog, age, tasks))
    addToHour(minute, backlog, age, tasks)
  end
  redis.call('HSET', meta, 'rolled', num(minute))
end
return upto < now - 1 and 1 or 0
