-- Outputs of upstream jobs, from index `from` on: as many as fit 4 MiB, at most 1,000.
-- returns the texts in order; fewer than asked only at the end or at the byte bound
-- repeat: harmless
--@flags no-writes
--@families join
--@args layout id from
local reply, bytes = {}, 0
for i = tonumber(from), tonumber(from) + 999 do
  local text = redis.call('HGET', join_ .. id, i)
  if not text then break end
  reply[#reply + 1] = text
  bytes = bytes + #text
  if bytes > 4194304 then break end
end
return reply
