-- Forgets ticks that are on their lane, or were skipped: quintuples (name, first tick, done, skipped, retry after ms).
-- returns 'OK'
-- errors: MILLRACE STALE
-- repeat: finds another tick first and changes nothing
--@flags allow-oom
--@include home-epoch
--@include schedule-marks
--@args epoch answers...
local gone = {}
for i = REST, #ARGV, 5 do
  local name, first, done, skipped, retryMs = ARGV[i], ARGV[i + 1], tonumber(ARGV[i + 2]), tonumber(ARGV[i + 3]), ARGV[i + 4]
  local backlog = scheduleBacklog .. name
  local head = redis.call('LINDEX', backlog, 0)
  if head and head:match('^%S+ (%S+) ') == first then
    if done > 0 then redis.call('LTRIM', backlog, done, -1) end
    if redis.call('EXISTS', backlog) == 1 then
      redis.call('ZADD', scheduleDeliver, NOW + retryMs, name)
    else
      gone[#gone + 1] = name
    end
    if skipped > 0 then
      local m = readMark(redis.call('HGET', scheduleMarks, name))
      if m.revision then
        m.skipped = num(m.skipped + skipped)
        writeMark(name, m)
      end
    end
  end
end
if #gone > 0 then redis.call('ZREM', scheduleDeliver, unpack(gone)) end
return 'OK'
