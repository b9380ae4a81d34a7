-- The ticket of the one seat that runs dry for a job that must run alone. Renewed by the heartbeats and exchanges of its holder,
-- so that jobs longer than the ticket do not hand it round for ever; given up after 5 minutes, so that one that never ends does not.
--@include clock
local TICKET_MS, TICKET_RENEWED_MS = 30000, 300000
-- Who holds it, and since when; nothing when nobody does.
local function ticketOf(text)
  local name, till, since = (text or ''):match('^(%S+) (%d+) (%d+)$')
  if name and tonumber(till) >= NOW then return name, tonumber(since), tonumber(till) end
end
local function ticketFor(name, since)
  local till = math.max(NOW, math.min(NOW + TICKET_MS, since + TICKET_RENEWED_MS))
  return name .. ' ' .. num(till) .. ' ' .. num(since)
end
