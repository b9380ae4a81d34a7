-- Lets go of a job that a seat ended ahead of the exchange that was to settle it (seat/end-ahead.lua), and counts it: no exchange will, since
-- the seat is dead, leaves, or does not know the token. Nothing is left under that token, and no other token of a seat is like that.
-- Whose task it was nobody knows: the minute has it under '(other)'.
--@include clock
--@keys meta jobs cancels
--@families stats
local function countEndedAhead(seatKey, field)
  -- A cancel that was asked of it while it ran has nobody left to obey it.
  local asked = redis.call('HKEYS', cancels)
  for i = 1, math.min(#asked, 1000) do
    if redis.call('HEXISTS', jobs, asked[i]) == 0 then redis.call('HDEL', cancels, asked[i]) end
  end
  redis.call('HDEL', seatKey, field)
  redis.call('HINCRBY', meta, 'succeeded', 1)
  local bucket = stats_ .. num(math.floor(NOW / 60000))
  if redis.call('HINCRBY', bucket, 's:(other)', 1) == 1 then redis.call('EXPIRE', bucket, 7200) end
end
