-- Puts a job where it waits for its time, and tells the dispatcher when that is earlier than what it knows.
--@keys due alarm
local function ring()
  if redis.call('EXISTS', alarm) == 0 then redis.call('RPUSH', alarm, '1') end
end
local function schedule(at, id)
  local first = redis.call('ZRANGE', due, 0, 0, 'WITHSCORES')
  redis.call('ZADD', due, at, id)
  if not first[2] or at < tonumber(first[2]) then ring() end
end
