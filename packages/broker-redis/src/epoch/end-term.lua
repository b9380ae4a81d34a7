-- Marks a term as over, unless another has begun.
-- returns 'OK'
-- repeat: changes nothing
--@flags allow-oom
--@include clock
--@appkeys term
--@args epoch
if redis.call('HGET', term, 'epoch') == epoch then redis.call('HSETNX', term, 'ended', NOW) end
return 'OK'
