-- Forgets the follow-ups up to and including `last`: they have been delivered.
-- returns entries left
-- errors: MILLRACE LAYOUT, STALE
-- repeat: finds them gone
--@flags allow-oom
--@include epoch
--@keys outbox
--@args layout epoch last
local entries = redis.call('XRANGE', outbox, '-', last, 'COUNT', 1000)
local ids = {}
for i = 1, #entries do ids[i] = entries[i][1] end
if #ids > 0 then redis.call('XDEL', outbox, unpack(ids)) end
return redis.call('XLEN', outbox)
