-- The stored attributes of a job, or nil. Never fails: what cannot be read, or is of the wrong kind, is as if it were not there, so that a
-- damaged text costs its job what it said and no other job anything.
local ATTRIBUTE_KINDS = { p = 'number', c = 'number', w = 'number', x = 'number', t = 'number', u = 'string', j = 'table' }
local function decodeAttrs(text)
  if not text then return nil end
  local ok, a = pcall(cjson.decode, text)
  if not ok or type(a) ~= 'table' then return nil end
  for name, kind in pairs(ATTRIBUTE_KINDS) do
    if a[name] ~= nil and type(a[name]) ~= kind then a[name] = nil end
  end
  if a.j and not (a.j[1] and a.j[2] and a.j[3] and a.j[4]) then a.j = nil end
  return a
end
