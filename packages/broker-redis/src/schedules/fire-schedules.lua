-- Moves schedules on, each by compare-and-set of its revision and its next tick, and writes down the ticks that make a job in the
-- same step. Per schedule: name, revision, tick as read, next tick or '', watermark, lane, mode (q: one after the other, a: any),
-- most ticks that may wait, how many ticks, ticks.
-- returns per schedule 1, or 0 where it was overtaken
-- errors: MILLRACE STALE
-- repeat: finds itself overtaken by itself; what it wrote is delivered all the same
--@include home-epoch
--@include schedule-marks
--@args epoch firings...
local names, starts = {}, {}
local at = REST
while at <= #ARGV do
  names[#names + 1], starts[#starts + 1] = ARGV[at], at
  at = at + 9 + tonumber(ARGV[at + 8])
end
if #names == 0 then return {} end
local marks = redis.call('HMGET', scheduleMarks, unpack(names))
local planned = redis.call('ZMSCORE', scheduleNext, unpack(names))
local waiting = redis.call('ZMSCORE', scheduleDeliver, unpack(names))

local answers, once = {}, {}
-- What is written last, all at once: marks, next ticks, schedules that are over, deliveries, and single ticks.
local marked, moved, over, deliver, notes = {}, {}, {}, {}, {}
for k = 1, #names do
  local name, at = names[k], starts[k]
  local revision, tick, nextTick, watermark = ARGV[at + 1], ARGV[at + 2], ARGV[at + 3], ARGV[at + 4]
  local lane, mode, most, n = ARGV[at + 5], ARGV[at + 6], tonumber(ARGV[at + 7]), tonumber(ARGV[at + 8])
  local seen, fired, skipped, paused, created, last
  if marks[k] then seen, fired, skipped, paused, created, last = marks[k]:match('^(%S+) %S+ (%S+) (%S+) (%S+) (%S+) (%S+)$') end
  local answer = 0
  if seen == revision and tonumber(planned[k] or '-1') == tonumber(tick) and not once[name] then
    answer, once[name] = 1, true
    local free = most
    if waiting[k] then free = most - redis.call('LLEN', scheduleBacklog .. name) - redis.call('HEXISTS', scheduleNotes, name) end
    local alone = n == 1 and not waiting[k]
    if alone then notes[#notes + 1], notes[#notes + 2] = name, mode .. ' ' .. ARGV[at + 9] .. ' ' .. lane end
    for i = 1, n do
      local each = ARGV[at + 8 + i]
      if alone then
        -- Noted below.
      elseif i <= free then
        redis.call('RPUSH', scheduleBacklog .. name, mode .. ' ' .. each .. ' ' .. lane)
      else
        skipped = num(skipped + 1)
      end
      last = each
    end
    if n > 0 and not waiting[k] then deliver[#deliver + 1], deliver[#deliver + 2] = NOW, name end
    marked[#marked + 1] = name
    marked[#marked + 1] = table.concat({ revision, watermark, num(fired + n), skipped, paused, created, last }, ' ')
    if nextTick == '' then over[#over + 1] = name else moved[#moved + 1], moved[#moved + 2] = nextTick, name end
  end
  answers[k] = answer
end
if #notes > 0 then redis.call('HSET', scheduleNotes, unpack(notes)) end
if #deliver > 0 then redis.call('ZADD', scheduleDeliver, unpack(deliver)) end
if #marked > 0 then redis.call('HSET', scheduleMarks, unpack(marked)) end
if #over > 0 then redis.call('ZREM', scheduleNext, unpack(over)) end
if #moved > 0 then redis.call('ZADD', scheduleNext, unpack(moved)) end
return answers
