-- Appends failure records to a job's history: JSON texts, one a line, at most 16 KiB in all (the oldest go first).
--@keys history
local HISTORY_BYTES = 16384
local function remember(ids, records)
  local old = redis.call('HMGET', history, unpack(ids))
  local rows = {}
  for i = 1, #ids do
    local text = old[i] and (old[i] .. '\n' .. records[i]) or records[i]
    while #text > HISTORY_BYTES do
      local cut = text:find('\n', 1, true)
      if not cut then break end
      text = text:sub(cut + 1)
    end
    rows[2 * i - 1] = ids[i]
    rows[2 * i] = text
  end
  redis.call('HSET', history, unpack(rows))
end
