-- The messages of at most 1,000 jobs, one by one: for a batch that does not parse as a whole.
-- returns one text each, '' where there is none
-- repeat: harmless
--@flags no-writes
--@keys jobs
--@args layout ids...
local found = redis.call('HMGET', jobs, unpack(ARGV, REST))
for i = 1, #found do found[i] = found[i] or '' end
return found
