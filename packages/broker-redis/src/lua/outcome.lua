-- How a job ended, as text: its letter and body, or false while it lives or where nothing is left of it.
-- A failed job's outcome is read from its history, for as long as it is kept.
--@keys jobs failed history attempts
--@families result
local function outcomeOf(id)
  if redis.call('HEXISTS', jobs, id) == 0 then return redis.call('GET', result_ .. id) end
  if not redis.call('ZSCORE', failed, id) then return false end
  local lines = redis.call('HGET', history, id) or ''
  return 'F' .. (redis.call('HGET', attempts, id) or '0') .. ' ' .. (lines:match('.*\n(.*)$') or lines)
end
