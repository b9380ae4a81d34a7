-- Leases, and the silences of the store.
--@include clock
--@keys meta
-- A seat that holds nothing gets at least 15 s, more than an idle worker's poll: it would be fenced for sleeping.
local IDLE_LEASE_MS = 15000
local function leaseEnd(lease, holds)
  return NOW + ((holds or tonumber(lease) >= IDLE_LEASE_MS) and lease or IDLE_LEASE_MS)
end

-- Whether a seat holds jobs, as far as the length of its lease depends on it.
local function holdsAny(seatKey, known, lease)
  if known or tonumber(lease) >= IDLE_LEASE_MS then return true end
  for _, field in ipairs(redis.call('HKEYS', seatKey)) do
    if field:sub(1, 1) == 't' then return true end
  end
  return false
end

-- Who calls within a lane says that the store is alive. The first call after a silence (the store was frozen or reloaded, or nobody
-- called) notes how long it was and when it ended: that call must not hide it from the sweep, which grants a lease
-- to those who could not renew theirs meanwhile. Fields of `meta` to be set, in place of a mere 'seen'.
local function aliveFields(seenBefore, gap, thawed)
  local silent = seenBefore and NOW - seenBefore or 0
  if silent < 100 or (gap and tonumber(gap) > silent and NOW - thawed < 2 * gap) then return { 'seen', NOW } end
  return { 'seen', NOW, 'gap', silent, 'thawed', NOW }
end
