-- Refuses a lane that another layout wrote. `LAYOUT` is ARGV[1] of every script that writes.
-- A text above 64 bytes makes Redis keep the hash as a table: as a list it would be searched end to end for each field, and sessions can be many.
--@keys meta
local function checkLayout(found)
  if found and found ~= layout then return redis.error_reply('MILLRACE LAYOUT ' .. found) end
  if not found then redis.call('HSET', meta, 'layout', layout, 'about', 'A lane of a Millrace queue. What its keys hold is said in docs/KEYSPACE.md.') end
  return nil
end
