-- What ran and what waited in a lane. unit: m or h; first, last: indices of minutes or hours since the epoch, at most 1,500 of them.
-- Hours include the minutes that are not rolled up yet.
-- returns { last rolled minute or -1, number of lines, (index, line)…, (minute, figure, value, figure, value…)… }: lines as in roll-up.lua,
-- then the running minutes as arrays
-- repeat: harmless
--@flags no-writes
--@include clock
--@keys meta
--@families stats minutes hours
--@args layout unit first last
first, last = tonumber(first), math.min(tonumber(last), tonumber(first) + 1499)
local family, per = minutes_, 1440
if unit == 'h' then family, per = hours_, 24 end
local now = math.floor(NOW / 60000)
local rolled = tonumber(redis.call('HGET', meta, 'rolled') or '-1')
local lines = {}
local index = first
while index <= last do
  local day = math.floor(index / per)
  local stop = math.min(last, day * per + per - 1)
  local key = family .. num(day)
  if redis.call('EXISTS', key) == 1 then
    for from = index, stop, 500 do
      local fields = {}
      for i = from, math.min(stop, from + 499) do fields[#fields + 1] = num(i) end
      local found = redis.call('HMGET', key, unpack(fields))
      for i = 1, #fields do
        if found[i] then
          lines[#lines + 1] = fields[i]
          lines[#lines + 1] = found[i]
        end
      end
    end
  end
  index = stop + 1
end
local reply = { rolled, #lines / 2 }
for i = 1, #lines do reply[#reply + 1] = lines[i] end
local low, high = first, last
if unit == 'h' then low, high = first * 60, last * 60 + 59 end
for minute = math.max(low, rolled + 1, now - 120), math.min(high, now) do
  local row = redis.call('HGETALL', stats_ .. num(minute))
  if #row > 0 then reply[#reply + 1] = { num(minute), unpack(row) } end
end
return reply
