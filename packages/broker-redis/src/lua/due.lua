-- Puts jobs where they wait for their time, and tells the dispatcher when that is earlier than what it knows.
--@keys due alarm
local function ring()
  if redis.call('EXISTS', alarm) == 0 then redis.call('RPUSH', alarm, '1') end
end

-- `rows`: when, id, when, id, …; at most 1,000 pairs.
local function scheduleMany(rows)
  if #rows == 0 then return end
  local first = redis.call('ZRANGE', due, 0, 0, 'WITHSCORES')
  redis.call('ZADD', due, unpack(rows))
  local earliest = rows[1]
  for i = 3, #rows, 2 do
    if rows[i] < earliest then earliest = rows[i] end
  end
  if not first[2] or earliest < tonumber(first[2]) then ring() end
end

local function schedule(at, id)
  scheduleMany({ at, id })
end
