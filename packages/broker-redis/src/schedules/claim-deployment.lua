-- Says that the code of a deployment runs; the latest one that was never seen before is the current one of its owner.
-- returns 'new', 'current' or 'superseded'
-- repeat: 'current' after 'new', which asks for the same
--@flags allow-oom
--@include clock
--@appkeys deployments deploymentsSeen
--@args owner deployment keepMs
local current = redis.call('HGET', deployments, owner)
local mine = owner .. ' ' .. deployment
redis.call('ZREMRANGEBYSCORE', deploymentsSeen, '-inf', NOW - keepMs)
if current == deployment then return 'current' end
if redis.call('ZSCORE', deploymentsSeen, mine) then
  redis.call('ZADD', deploymentsSeen, NOW, mine)
  return 'superseded'
end
redis.call('HSET', deployments, owner, deployment)
if current then redis.call('ZADD', deploymentsSeen, NOW, owner .. ' ' .. current) end
return 'new'
