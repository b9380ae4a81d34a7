-- Ticks whose jobs are to be brought to their lane now: of at most 500 schedules, the first 20 of each, or the first one where they run
-- one after the other.
-- returns { name, revision, count, tick, lane, tick, lane, …, name, … }
-- errors: MILLRACE STALE
-- repeat: harmless
--@flags allow-oom
--@include home-epoch
--@include schedule-marks
--@args epoch
local reply = {}
local names = redis.call('ZRANGEBYSCORE', scheduleDeliver, '-inf', NOW, 'LIMIT', 0, 500)
if #names == 0 then return reply end
local marks = redis.call('HMGET', scheduleMarks, unpack(names))
local notes = redis.call('HMGET', scheduleNotes, unpack(names))
for k, name in ipairs(names) do
  local waiting = notes[k] and { notes[k] } or redis.call('LRANGE', scheduleBacklog .. name, 0, 19)
  local m = readMark(marks[k])
  if #waiting == 0 or not m.revision then
    redis.call('ZREM', scheduleDeliver, name)
  else
    local count = waiting[1]:sub(1, 1) == 'q' and 1 or #waiting
    local row = #reply
    reply[row + 1], reply[row + 2], reply[row + 3] = name, m.revision, count
    for i = 1, count do
      local tick, lane = waiting[i]:match('^%S+ (%S+) (%S+)$')
      reply[row + 2 + 2 * i], reply[row + 3 + 2 * i] = tick, lane
    end
  end
end
return reply
