-- Adds to how long the attempts of tasks took: groups of a task, the sum in ms, and a count for each bucket; `buckets` of them.
-- At most `most` names: a further one takes the place of the one that was silent for longest, if for a day, else it is '(other)'.
-- repeat: counts again
-- failing half-way: part of it counts twice when it is repeated
--@flags allow-oom
--@include clock
--@appkeys durations durationTasks
--@args buckets most rows...
buckets, most = tonumber(buckets), tonumber(most)
local SILENT_MS = 86400000

local function hasRoom()
  if redis.call('ZCARD', durationTasks) < most then return true end
  local oldest = redis.call('ZRANGE', durationTasks, 0, 0, 'WITHSCORES')
  if not oldest[2] or tonumber(oldest[2]) > NOW - SILENT_MS then return false end
  local fields = { 's:' .. oldest[1] }
  for bucket = 0, buckets - 1 do fields[#fields + 1] = bucket .. ':' .. oldest[1] end
  redis.call('HDEL', durations, unpack(fields))
  redis.call('ZREM', durationTasks, oldest[1])
  return true
end

for i = REST, #ARGV, buckets + 2 do
  local task = ARGV[i]
  if redis.call('ZSCORE', durationTasks, task) or hasRoom() then
    redis.call('ZADD', durationTasks, num(NOW), task)
  else
    task = '(other)'
  end
  if ARGV[i + 1] ~= '0' then redis.call('HINCRBY', durations, 's:' .. task, ARGV[i + 1]) end
  for bucket = 0, buckets - 1 do
    local count = ARGV[i + 2 + bucket]
    if count ~= '0' then redis.call('HINCRBY', durations, bucket .. ':' .. task, count) end
  end
end
return 1
