-- Hands a job's output to the job that waits for it. `j` = {queue, lane index, id, index}.
-- In this lane a success is applied at once; everything else goes through the outbox, which the dispatcher replays until
-- it is acknowledged. Applied once however often: inputs are a hash by index, and only a parked job takes any.
--@include ready
--@include due
--@keys attrs parked outbox
--@families join
local function joinHere(id, index, output)
  if not redis.call('ZSCORE', parked, id) then return end
  local inputs = join_ .. id
  if redis.call('HSETNX', inputs, index, output) == 0 then return end
  local a = decodeAttrs(redis.call('HGET', attrs, id))
  if not a or redis.call('HLEN', inputs) < a.w then return end
  redis.call('ZREM', parked, id)
  pushOne(id, a, false)
  arm()
end

local function feed(j, from, letter, body)
  local here = '/' .. j[1] .. '/' .. j[2] .. '}:'
  if letter == 'S' and P:sub(-#here) == here then
    joinHere(j[3], j[4], body == '' and 'null' or body)
    return
  end
  redis.call('XADD', outbox, '*', 'lane', j[1] .. '/' .. j[2], 'id', j[3], 'index', j[4], 'from', from, 'as', letter, 'body', body)
  ring()
end
