-- Forgets ticks that are on their lane, or were skipped: quintuples (name, first tick, done, skipped, retry after ms).
-- returns 'OK'
-- errors: MILLRACE STALE
-- repeat: finds another tick first and changes nothing
--@flags allow-oom
--@include home-epoch
--@include schedule-marks
--@args epoch answers...
local names, backlogs = {}, {}
for i = REST, #ARGV, 5 do
  names[#names + 1] = ARGV[i]
  backlogs[#backlogs + 1] = scheduleBacklog .. ARGV[i]
end
if #names == 0 then return 'OK' end
local notes = redis.call('HMGET', scheduleNotes, unpack(names))
-- Mostly there are notes alone.
local anyBacklog = redis.call('EXISTS', unpack(backlogs)) > 0
local noted, gone = {}, {}
for k, name in ipairs(names) do
  local i = REST + 5 * (k - 1)
  local first, done, skipped, retryMs = ARGV[i + 1], tonumber(ARGV[i + 2]), tonumber(ARGV[i + 3]), ARGV[i + 4]
  local note, backlog = notes[k], backlogs[k]
  local head = note or anyBacklog and redis.call('LINDEX', backlog, 0)
  if head and head:match('^%S+ (%S+) ') == first then
    if note and done > 0 then
      noted[#noted + 1] = name
    elseif done > 0 then
      redis.call('LTRIM', backlog, done, -1)
    end
    if (note and done == 0) or (anyBacklog and redis.call('EXISTS', backlog) == 1) then
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
if #noted > 0 then redis.call('HDEL', scheduleNotes, unpack(noted)) end
if #gone > 0 then redis.call('ZREM', scheduleDeliver, unpack(gone)) end
return 'OK'
