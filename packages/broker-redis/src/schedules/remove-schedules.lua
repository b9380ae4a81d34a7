-- Removes schedules with the ticks that wait for their lane.
-- returns how many there were
-- repeat: finds them gone
--@flags allow-oom
--@include schedule-marks
--@args names...
local removed = 0
for i = REST, #ARGV do
  local name = ARGV[i]
  removed = removed + redis.call('HDEL', scheduleMarks, name)
  redis.call('HDEL', schedules, name)
  redis.call('ZREM', scheduleNames, name)
  redis.call('ZREM', scheduleNext, name)
  redis.call('ZREM', scheduleDeliver, name)
  redis.call('HDEL', scheduleNotes, name)
  redis.call('DEL', scheduleBacklog .. name)
end
return removed
