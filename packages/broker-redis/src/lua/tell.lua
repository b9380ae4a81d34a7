-- Keeps how a job ended where that is wanted, for `keep` ms, and tells the clients that wait for it (blank-separated; false: nobody).
--@families result channel
local WAITER_KEEP_MS = 60000
local PUBLISHED_BYTES = 8192
local function tell(id, clients, outcome, keep)
  if clients and keep < WAITER_KEEP_MS then keep = WAITER_KEEP_MS end
  if keep > 0 then redis.call('SET', result_ .. id, outcome, 'PX', keep) end
  if not clients then return end
  local message = 'E' .. id .. '\n' .. (#outcome <= PUBLISHED_BYTES and outcome or '')
  for client in clients:gmatch('%S+') do redis.call('PUBLISH', channel_ .. client, message) end
end
