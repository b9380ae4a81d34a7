-- Schedules by name.
-- returns { now, rows of lua/schedule-rows }
-- repeat: harmless
--@flags allow-oom
--@include clock
--@include schedule-rows
--@args names...
local names = {}
for i = REST, #ARGV do names[#names + 1] = ARGV[i] end
return rowsOf(names, { num(NOW) })
