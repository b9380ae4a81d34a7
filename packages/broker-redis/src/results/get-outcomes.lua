-- The outcomes of at most 1,000 jobs.
-- returns one text each, '' where there is none
-- repeat: harmless
--@flags no-writes
--@include outcome
--@args layout ids...
local reply = {}
for i = REST, #ARGV do reply[#reply + 1] = outcomeOf(ARGV[i]) or '' end
return reply
