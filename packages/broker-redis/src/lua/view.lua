-- All that is known of one job, as a flat row of 9:
-- id, state, message or '', attempts, crashes, history, due or failed time or '', cancel asked 0|1, attributes or ''
--@include locate
--@include outcome
--@keys jobs attrs attempts crashes history cancels due failed
local function viewOf(id, state)
  local where
  if not state then state, where = locate(id) end
  if state == 'unknown' then
    local outcome = outcomeOf(id)
    local letters = { S = 'succeeded', F = 'failed', C = 'cancelled', X = 'expired' }
    if outcome then state = letters[outcome:sub(1, 1)] end
  end
  local time = redis.call('ZSCORE', due, id) or redis.call('ZSCORE', failed, id) or ''
  return {
    id, state, redis.call('HGET', jobs, id) or '', redis.call('HGET', attempts, id) or '0', redis.call('HGET', crashes, id) or '0',
    redis.call('HGET', history, id) or '', time, redis.call('HEXISTS', cancels, id), redis.call('HGET', attrs, id) or '',
  }
end
