-- Whether one of the sparse structures exists, asked at most once per call: ordinary jobs never touch them.
local SPARSE = {}
local function has(key)
  local v = SPARSE[key]
  if v == nil then
    v = redis.call('EXISTS', key) == 1
    SPARSE[key] = v
  end
  return v
end
