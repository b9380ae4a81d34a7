-- Fences a dispatcher's write on the app's own keys: refuses a smaller epoch than the last minted one.
--@include clock
--@appkeys term
local homeEpoch = redis.call('HGET', term, 'epoch') or '0'
if tonumber(epoch) < tonumber(homeEpoch) then return redis.error_reply('MILLRACE STALE ' .. homeEpoch) end
