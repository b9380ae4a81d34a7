-- How far each schedule has come, as text: revision, watermark, fired, skipped, paused (0 or 1), created, last tick that fired
-- ('-' for none). The definition stands apart from it and is never read here.
-- A tick that is not on its lane yet is a text 'mode tick lane': in `scheduleNotes` where it came when none was waiting, else in the schedule's
-- backlog, behind that one. A schedule is in `scheduleDeliver` as long as it has either.
--@appkeys schedules scheduleMarks scheduleNames scheduleNext scheduleDeliver scheduleNotes scheduleBacklog
local function readMark(text)
  local m = {}
  if text then
    m.revision, m.watermark, m.fired, m.skipped, m.paused, m.created, m.last = text:match('^(%S+) (%S+) (%S+) (%S+) (%S+) (%S+) (%S+)$')
  end
  return m
end
local function writeMark(name, m)
  redis.call('HSET', scheduleMarks, name, table.concat({ m.revision, m.watermark, m.fired, m.skipped, m.paused, m.created, m.last }, ' '))
end
local function moveNext(name, tick)
  if tick == '' then redis.call('ZREM', scheduleNext, name) else redis.call('ZADD', scheduleNext, tick, name) end
end
