-- A page of schedules by name, from the one after `after` ('' for the first page).
-- returns { 1 when there are more, rows of lua/schedule-rows }
-- repeat: harmless
--@flags allow-oom
--@include schedule-rows
--@args after limit
local names = redis.call('ZRANGEBYLEX', scheduleNames, after == '' and '-' or '(' .. after, '+', 'LIMIT', 0, limit + 1)
local more = #names > tonumber(limit)
if more then names[#names] = nil end
return rowsOf(names, { more and 1 or 0 })
