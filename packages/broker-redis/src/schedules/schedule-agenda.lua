-- Which schedules are due, or within `ahead` ms, at most 500, and when to look again.
-- returns { now, next due time of the rest or '', '1' where 500 of the rest come due within a second of it, time of the next delivery or '', name, tick, revision, fired, name, … }
-- errors: MILLRACE STALE
-- repeat: harmless
--@flags allow-oom
--@include home-epoch
--@include schedule-marks
--@args epoch ahead
local due = redis.call('ZRANGEBYSCORE', scheduleNext, '-inf', NOW + ahead, 'WITHSCORES', 'LIMIT', 0, 500)
local rest = redis.call('ZRANGE', scheduleNext, #due / 2, #due / 2, 'WITHSCORES')
local crowd = redis.call('ZRANGE', scheduleNext, #due / 2 + 499, #due / 2 + 499, 'WITHSCORES')
local crowded = crowd[2] and tonumber(crowd[2]) <= tonumber(rest[2]) + 1000
local deliver = redis.call('ZRANGE', scheduleDeliver, 0, 0, 'WITHSCORES')
local reply = { num(NOW), rest[2] or '', crowded and '1' or '', deliver[2] or '' }
local names = {}
for i = 1, #due, 2 do names[#names + 1] = due[i] end
if #names == 0 then return reply end
local marks = redis.call('HMGET', scheduleMarks, unpack(names))
for k, name in ipairs(names) do
  local revision, fired
  if marks[k] then revision, fired = marks[k]:match('^(%S+) %S+ (%S+)') end
  if revision then
    local row = #reply
    reply[row + 1], reply[row + 2], reply[row + 3], reply[row + 4] = name, due[2 * k], revision, fired
  else
    redis.call('ZREM', scheduleNext, name)
  end
end
return reply
