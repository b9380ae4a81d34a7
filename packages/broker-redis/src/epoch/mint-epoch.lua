-- Mints the epoch of a new term, by compare-and-set against what the candidate read before it won the lock: a candidate
-- that slept since then finds another value and is refused.
-- The term before it goes to `terms`, of which the last 100 are kept.
-- returns the epoch
-- errors: MILLRACE STALE
-- repeat: the same nonce is answered with its epoch
--@flags allow-oom
--@include clock
--@appkeys term terms
--@args seen nonce leader
local M = redis.call('HMGET', term, 'epoch', 'nonce')
if M[2] == nonce then return M[1] end
if (M[1] or '0') ~= seen then return redis.error_reply('MILLRACE STALE ' .. (M[1] or '0')) end
if M[1] then
  local ended = redis.call('HMGET', term, 'since', 'ended', 'leader')
  redis.call('LPUSH', terms, M[1] .. ' ' .. (ended[1] or '0') .. ' ' .. (ended[2] or '-') .. ' ' .. (ended[3] or '{}'))
  redis.call('LTRIM', terms, 0, 99)
end
local epoch = num(math.max(tonumber(seen) + 1, NOW))
redis.call('HDEL', term, 'ended')
redis.call('HSET', term, 'epoch', epoch, 'nonce', nonce, 'leader', leader, 'since', NOW)
return epoch
