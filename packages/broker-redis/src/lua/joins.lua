-- Hands a job's output to the job that waits for it. `j` = {queue, lane index, id, index}.
-- In this lane a success is applied at once; everything else goes through the outbox, which the dispatcher replays until
-- it is acknowledged. Applied once however often: inputs are a hash by index, and only a parked job takes any; a failed one
-- too, because it may be retried, and runs with all of them or not at all.
--@include clock
--@include ready
--@include due
--@keys attrs parked failed outbox
--@families join
local function joinHere(id, index, output)
  local waits = redis.call('ZSCORE', parked, id)
  if not waits and not redis.call('ZSCORE', failed, id) then return end
  local inputs = join_ .. id
  local a = decodeAttrs(redis.call('HGET', attrs, id))
  if not a or not a.w then return end
  redis.call('HSETNX', inputs, index, output)
  if not waits or redis.call('HLEN', inputs) < a.w then return end
  if a.t and a.t > NOW then
    schedule(a.t, id)
    redis.call('ZREM', parked, id)
    return
  end
  redis.call('ZREM', parked, id)
  pushMany({ id }, false)
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
