-- Which suspected defects are there at this instant. Stops where its searches in lists have cost enough; the caller goes on from there.
-- returns { how many were looked at, number of each that is a defect, … }
-- repeat: harmless
--@flags no-writes
--@include defects
--@args layout defects...
local ENTRIES_A_CALL = 2000000
local reply, n = { 0 }, (#ARGV - REST + 1) / 3
for i = 1, n do
  if looked > ENTRIES_A_CALL then break end
  local at = REST + (i - 1) * 3
  local there = DEFECTS[ARGV[at]]
  if there and there(ARGV[at + 1], ARGV[at + 2]) then reply[#reply + 1] = i end
  reply[1] = i
end
return reply
