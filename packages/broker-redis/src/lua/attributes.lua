-- The stored attributes of a job, or nil. Never fails: what cannot be read, or is of the wrong kind, is as if it were not there, so that a
-- damaged text costs its job what it said and no other job anything.
local ATTRIBUTE_KINDS = { p = 'number', c = 'number', w = 'number', x = 'number', t = 'number', u = 'string', j = 'table' }
-- Jobs of a call mostly have the same ones, so the last text is kept decoded: callers do not change what they get.
local LAST_TEXT, LAST_ATTRS
local function decodeAttrs(text)
  if not text then return nil end
  if text == LAST_TEXT then return LAST_ATTRS end
  local ok, a = pcall(cjson.decode, text)
  if not ok or type(a) ~= 'table' then return nil end
  for name, kind in pairs(ATTRIBUTE_KINDS) do
    if a[name] ~= nil and type(a[name]) ~= kind then a[name] = nil end
  end
  if a.j and not (a.j[1] and a.j[2] and a.j[3] and a.j[4]) then a.j = nil end
  LAST_TEXT, LAST_ATTRS = text, a
  return a
end
