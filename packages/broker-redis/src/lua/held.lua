-- What a seat holds: one field 't<token>' per exchange in the seat's hash, its value the ids that still run, each set
-- between blanks: ' id1 id2 '. One short text instead of a set per exchange: SADD, SREM and their dictionary entries cost
-- more than the rest of a job's way through Redis together.
local function heldIds(text)
  local ids, n = {}, 0
  for id in text:gmatch('%S+') do
    n = n + 1
    ids[n] = id
  end
  return ids
end

-- Takes `wanted` ids out of `text`. Returns what is left, and which of them (by position) were not there.
local function takeOut(text, wanted)
  local missing = {}
  if #wanted <= 8 then
    for i = 1, #wanted do
      local from, to = text:find(' ' .. wanted[i] .. ' ', 1, true)
      if from then text = text:sub(1, from) .. text:sub(to + 1) else missing[#missing + 1] = i end
    end
    return text, missing
  end
  local there = {}
  local ids = heldIds(text)
  for i = 1, #ids do there[ids[i]] = true end
  for i = 1, #wanted do
    if there[wanted[i]] then there[wanted[i]] = nil else missing[#missing + 1] = i end
  end
  local left, n = {}, 0
  for i = 1, #ids do
    if there[ids[i]] then
      n = n + 1
      left[n] = ids[i]
    end
  end
  return n == 0 and ' ' or ' ' .. table.concat(left, ' ') .. ' ', missing
end
