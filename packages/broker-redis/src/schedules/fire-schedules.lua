-- Moves schedules on, each by compare-and-set of its revision and its next tick, and writes down the ticks that make a job in the
-- same step. Per schedule: name, revision, tick as read, next tick or '', watermark, lane, mode (q: one after the other, a: any),
-- most ticks that may wait, how many ticks, ticks.
-- returns per schedule 1, or 0 where it was overtaken
-- errors: MILLRACE STALE
-- repeat: finds itself overtaken by itself; what it wrote is delivered all the same
--@include home-epoch
--@include schedule-marks
--@args epoch firings...
local answers = {}
local at = REST
while at <= #ARGV do
  local name, revision, tick, nextTick, watermark = ARGV[at], ARGV[at + 1], ARGV[at + 2], ARGV[at + 3], ARGV[at + 4]
  local lane, mode, most, n = ARGV[at + 5], ARGV[at + 6], tonumber(ARGV[at + 7]), tonumber(ARGV[at + 8])
  local m = readMark(redis.call('HGET', scheduleMarks, name))
  local answer = 0
  if m.revision == revision and tonumber(redis.call('ZSCORE', scheduleNext, name) or '-1') == tonumber(tick) then
    answer = 1
    local free = most - redis.call('LLEN', scheduleBacklog .. name)
    for i = 1, n do
      local each = ARGV[at + 8 + i]
      if i <= free then
        redis.call('RPUSH', scheduleBacklog .. name, mode .. ' ' .. each .. ' ' .. lane)
      else
        m.skipped = num(m.skipped + 1)
      end
      m.last = each
    end
    if n > 0 then redis.call('ZADD', scheduleDeliver, 'NX', NOW, name) end
    m.watermark, m.fired = watermark, num(m.fired + n)
    writeMark(name, m)
    moveNext(name, nextTick)
  end
  answers[#answers + 1] = answer
  at = at + 9 + n
end
return answers
