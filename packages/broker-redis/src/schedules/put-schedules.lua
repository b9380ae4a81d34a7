-- Stores schedules by compare-and-set: septuples (name, revision that was read or '', new revision, definition, next tick or '',
-- watermark, paused 0 or 1). Counts go on. Tells the dispatcher when a tick is earlier than what it knows.
-- returns per schedule 1, or 0 where another revision is there
-- repeat: finds its own revision and answers 1
--@include clock
--@include schedule-marks
--@appkeys alarm
--@args puts...
local first = redis.call('ZRANGE', scheduleNext, 0, 0, 'WITHSCORES')
local earliest = tonumber(first[2] or 'inf')
local answers, ring = {}, false
for i = REST, #ARGV, 7 do
  local name, seen, revision, nextTick = ARGV[i], ARGV[i + 1], ARGV[i + 2], ARGV[i + 4]
  local m = readMark(redis.call('HGET', scheduleMarks, name))
  local answer = 1
  if m.revision ~= revision then
    if (m.revision or '') ~= seen then
      answer = 0
    else
      m.revision, m.watermark, m.paused = revision, ARGV[i + 5], ARGV[i + 6]
      m.fired, m.skipped, m.created, m.last = m.fired or '0', m.skipped or '0', m.created or num(NOW), m.last or '-'
      redis.call('HSET', schedules, name, ARGV[i + 3])
      redis.call('ZADD', scheduleNames, 0, name)
      writeMark(name, m)
      moveNext(name, nextTick)
      if nextTick ~= '' and tonumber(nextTick) < earliest then ring = true end
    end
  end
  answers[#answers + 1] = answer
end
if ring and redis.call('EXISTS', alarm) == 0 then redis.call('RPUSH', alarm, '1') end
return answers
