-- Where a job is: its state, and which structure holds it. Cost: O(log n), and O(running jobs) when nothing else holds it.
--@include held
--@keys jobs failed due parked urgent background suspects solo crashes attempts workers dying
--@families seat
local function isHeld(id)
  local needle = ' ' .. id .. ' '
  for _, key in ipairs({ workers, dying }) do
    for _, name in ipairs(redis.call('ZRANGE', key, 0, -1)) do
      local row = redis.call('HGETALL', seat_ .. name)
      for i = 1, #row, 2 do
        if row[i]:sub(1, 1) == 't' and row[i + 1]:find(needle, 1, true) then return true end
      end
    end
  end
  return false
end

local function locate(id)
  if redis.call('HEXISTS', jobs, id) == 0 then return 'unknown' end
  if redis.call('ZSCORE', failed, id) then return 'failed', failed end
  if redis.call('ZSCORE', due, id) then
    return redis.call('HEXISTS', attempts, id) == 1 and 'retrying' or 'scheduled', due
  end
  if redis.call('ZSCORE', parked, id) then return 'scheduled', parked end
  if redis.call('ZSCORE', urgent, id) then return 'ready', urgent end
  if redis.call('ZSCORE', background, id) then return 'ready', background end
  if redis.call('HEXISTS', crashes, id) == 1 then
    if redis.call('LPOS', suspects, id) then return 'ready', suspects end
    if redis.call('LPOS', solo, id) then return 'ready', solo end
  end
  if isHeld(id) then return 'running' end
  return 'ready'
end
