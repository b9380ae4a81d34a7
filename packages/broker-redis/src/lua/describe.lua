-- What a worker must know of reserved jobs beside their messages; '' where all are ordinary.
--@include sparse
--@include ready
--@keys jobs attrs attempts crashes cancels
local function messagesOf(ids)
  if #ids == 0 then return '[]' end
  local found = redis.call('HMGET', jobs, unpack(ids))
  for i = 1, #ids do found[i] = found[i] or 'null' end
  return '[' .. table.concat(found, ',') .. ']'
end

-- Running jobs of this lane for which cancel was asked; at most 1,000.
local function cancelledHere()
  if not has(cancels) then return '' end
  local ids = redis.call('HKEYS', cancels)
  return table.concat(ids, ' ', 1, math.min(#ids, 1000))
end

local function describe(ids, alone)
  if #ids == 0 or not (has(attrs) or has(attempts) or has(crashes)) then return '' end
  local as = has(attrs) and redis.call('HMGET', attrs, unpack(ids)) or {}
  local tries = has(attempts) and redis.call('HMGET', attempts, unpack(ids)) or {}
  local falls = has(crashes) and redis.call('HMGET', crashes, unpack(ids)) or {}
  local rows = {}
  for i = 1, #ids do
    local a = decodeAttrs(as[i])
    local bits = 0
    if ids[i] == alone then bits = bits + 1 end
    if a then
      if a.w then bits = bits + 2 end
      if a.j then bits = bits + 4 end
      if a.m then bits = bits + 8 end
    end
    if bits > 0 or tries[i] or falls[i] then
      rows[#rows + 1] = '[' .. (i - 1) .. ',' .. (tries[i] or 0) .. ',' .. (falls[i] or 0) .. ',' .. bits .. ']'
    end
  end
  return #rows > 0 and '[' .. table.concat(rows, ',') .. ']' or ''
end
