-- Refuses a lane that another layout wrote. `LAYOUT` is ARGV[1] of every script that writes.
--@keys meta
local function checkLayout(found)
  if found and found ~= layout then return redis.error_reply('MILLRACE LAYOUT ' .. found) end
  if not found then redis.call('HSET', meta, 'layout', layout) end
  return nil
end
