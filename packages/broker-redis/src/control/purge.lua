-- Cancels what waits in a lane, at most 500 of each kind a call.
-- returns { purged, 1 when more waits }
-- repeat: purges the next ones
-- failing half-way: jobs are where they were, or entries without a message are left, which the repeat removes
--@flags allow-oom
--@include clock
--@include layout
--@include finish
--@keys ready urgent background suspects solo due parked tombs jobs
--@args layout
local refused = checkLayout(redis.call('HGET', meta, 'layout'))
if refused then return refused end
local STEP, purged = 500, 0
local function cancelAll(ids)
  if #ids == 0 then return end
  local there = redis.call('HMGET', jobs, unpack(ids))
  -- Those that have ended too: a purge that failed on the way may have left something of them.
  finish(ids, 'C')
  for i = 1, #ids do if there[i] then purged = purged + 1 end end
end
local entries = redis.call('LRANGE', ready, 0, STEP - 1)
if #entries > 0 then
  local dead = redis.call('SMISMEMBER', tombs, unpack(entries))
  local live, buried = {}, {}
  for i = 1, #entries do
    if dead[i] == 1 then buried[#buried + 1] = entries[i] else live[#live + 1] = entries[i] end
  end
  cancelAll(live)
  -- Tombstones first: an entry without one is skipped, one without an entry would swallow a later job of that id.
  if #buried > 0 then redis.call('SREM', tombs, unpack(buried)) end
  redis.call('LPOP', ready, #entries)
end
for _, key in ipairs({ suspects, solo }) do
  local ids = redis.call('LRANGE', key, 0, STEP - 1)
  if #ids > 0 then
    cancelAll(ids)
    redis.call('LPOP', key, #ids)
  end
end
for _, key in ipairs({ urgent, background, due, parked }) do
  local ids = redis.call('ZRANGE', key, 0, STEP - 1)
  if #ids > 0 then
    cancelAll(ids)
    redis.call('ZREM', key, unpack(ids))
  end
end
return { purged, redis.call('EXISTS', ready, urgent, background, suspects, solo, due, parked) > 0 and 1 or 0 }
