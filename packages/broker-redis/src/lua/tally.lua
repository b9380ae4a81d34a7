-- Counts what a worker's attempts came to into this minute's bucket. ARGV from `first` on: task, succeeded, retried, failed, busy ms; …
-- One call per figure; a name that would be one too many for this minute is counted as '(other)'.
--@include clock
--@families stats
local MAX_FIGURES = 400
local function tally(first, last)
  local bucket, new = stats_ .. num(math.floor(NOW / 60000)), false
  for at = first, last, 5 do
    for k, figure in ipairs({ 's', 'r', 'f', 'b' }) do
      local by, field = ARGV[at + k], figure .. ':' .. ARGV[at]
      if by ~= '0' and redis.call('HINCRBY', bucket, field, by) == tonumber(by) then
        new = true
        if redis.call('HLEN', bucket) > MAX_FIGURES then
          redis.call('HDEL', bucket, field)
          redis.call('HINCRBY', bucket, figure .. ':(other)', by)
        end
      end
    end
  end
  if new then redis.call('EXPIRE', bucket, 7200) end
end
