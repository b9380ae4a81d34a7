-- Cancels what waits in a lane, at most 500 of each kind a call.
-- returns { purged, 1 when more waits }
-- repeat: purges the next ones
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
  if not ids or #ids == 0 then return end
  local there = redis.call('HMGET', jobs, unpack(ids))
  local living = {}
  for i = 1, #ids do if there[i] then living[#living + 1] = ids[i] end end
  finish(living, 'C')
  purged = purged + #living
end
local ids = redis.call('LPOP', ready, STEP)
if ids then
  local live = {}
  for i = 1, #ids do if redis.call('SREM', tombs, ids[i]) == 0 then live[#live + 1] = ids[i] end end
  cancelAll(live)
end
cancelAll(redis.call('LPOP', suspects, STEP))
cancelAll(redis.call('LPOP', solo, STEP))
for _, key in ipairs({ urgent, background, due, parked }) do
  local first = redis.call('ZRANGE', key, 0, STEP - 1)
  if #first > 0 then
    redis.call('ZREM', key, unpack(first))
    cancelAll(first)
  end
end
return { purged, redis.call('EXISTS', ready, urgent, background, suspects, solo, due, parked) > 0 and 1 or 0 }
