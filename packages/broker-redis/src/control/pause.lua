-- Pauses (`on` = '1') or resumes a lane. Paused, it hands nothing out; what runs finishes.
-- returns 'OK'
-- repeat: changes nothing
--@flags allow-oom
--@include clock
--@include layout
--@include ready
--@args layout on
local refused = checkLayout(redis.call('HGET', meta, 'layout'))
if refused then return refused end
if on == '1' then
  redis.call('HSET', meta, 'paused', NOW)
else
  redis.call('HDEL', meta, 'paused')
  if redis.call('EXISTS', ready, urgent, background, suspects, solo) > 0 then arm() end
end
return 'OK'
