-- Fences a dispatcher's write: refuses a smaller epoch than this lane has seen, adopts a larger one.
--@include clock
--@include layout
local M = redis.call('HMGET', meta, 'layout', 'epoch', 'seen', 'gap', 'thawed')
local refused = checkLayout(M[1])
if refused then return refused end
local seenEpoch = tonumber(M[2] or '0')
-- Said so that NaN is refused too.
if not (tonumber(epoch) >= seenEpoch) then return redis.error_reply('MILLRACE STALE ' .. M[2]) end
if tonumber(epoch) > seenEpoch then redis.call('HSET', meta, 'epoch', epoch) end
