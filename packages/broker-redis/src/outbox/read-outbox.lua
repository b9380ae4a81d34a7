-- The oldest follow-ups of this lane: at most 500, and about 4 MiB.
-- returns { last entry id, lane, id, index, from, letter, body, lane, … }; empty where there are none
-- errors: MILLRACE LAYOUT, STALE
-- repeat: harmless
--@flags allow-oom
--@include epoch
--@keys outbox
--@args layout epoch
local reply, bytes = {}, 0
local entries = redis.call('XRANGE', outbox, '-', '+', 'COUNT', 500)
for i = 1, #entries do
  local f = entries[i][2]
  reply[1] = entries[i][1]
  for k = 2, 12, 2 do reply[#reply + 1] = f[k] end
  bytes = bytes + #f[12]
  if bytes > 4194304 then break end
end
return reply
