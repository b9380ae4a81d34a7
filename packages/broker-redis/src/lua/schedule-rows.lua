-- Schedules as rows: name, definition ('' where there is none), mark, next tick or '', length of the backlog.
--@include schedule-marks
local function rowsOf(names, reply)
  if #names == 0 then return reply end
  local definitions = redis.call('HMGET', schedules, unpack(names))
  local marks = redis.call('HMGET', scheduleMarks, unpack(names))
  for i = 1, #names do
    local row = #reply
    reply[row + 1] = names[i]
    reply[row + 2] = definitions[i] or ''
    reply[row + 3] = marks[i] or ''
    reply[row + 4] = redis.call('ZSCORE', scheduleNext, names[i]) or ''
    reply[row + 5] = redis.call('HEXISTS', scheduleNotes, names[i]) + redis.call('LLEN', scheduleBacklog .. names[i])
  end
  return reply
end
