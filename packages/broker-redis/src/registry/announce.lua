-- Refreshes what monitors show of a worker, forgets those silent for 60 s, and returns the commands broadcast since `cursor`
-- ('' on the first call: none of the past ones).
-- returns { new cursor, command, command, … }
-- repeat: harmless
--@flags allow-oom
--@include clock
--@appkeys workers workerInfo commands
--@args id info cursor
redis.call('ZADD', workers, NOW, id)
redis.call('HSET', workerInfo, id, info)
local silent = redis.call('ZRANGEBYSCORE', workers, '-inf', NOW - 60000, 'LIMIT', 0, 100)
if #silent > 0 then
  redis.call('ZREM', workers, unpack(silent))
  redis.call('HDEL', workerInfo, unpack(silent))
end
if cursor == '' then
  local last = redis.call('XREVRANGE', commands, '+', '-', 'COUNT', 1)
  return { last[1] and last[1][1] or '0-0' }
end
local reply = { cursor }
for _, entry in ipairs(redis.call('XRANGE', commands, '(' .. cursor, '+', 'COUNT', 100)) do
  reply[1] = entry[1]
  reply[#reply + 1] = entry[2][2]
end
return reply
