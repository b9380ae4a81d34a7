-- How many jobs of a lane are in which state; O(1).
-- `running` is what is left of all messages when the others are taken away.
-- returns { ready, suspects, due, parked, running, failed, paused, succeeded, retried, failedEver, crashed, reports, message at the head of ready or '' }
-- repeat: harmless
--@flags no-writes
--@keys jobs ready urgent background suspects solo due parked failed tombs meta
--@args layout
local ready_ = redis.call('LLEN', ready) - redis.call('SCARD', tombs) + redis.call('ZCARD', urgent) + redis.call('ZCARD', background)
local suspects_ = redis.call('LLEN', suspects) + redis.call('LLEN', solo)
local due_, parked_, failed_ = redis.call('ZCARD', due), redis.call('ZCARD', parked), redis.call('ZCARD', failed)
local running = redis.call('HLEN', jobs) - ready_ - suspects_ - due_ - parked_ - failed_
local M = redis.call('HMGET', meta, 'paused', 'succeeded', 'retried', 'failedEver', 'crashed', 'reports')
local head = redis.call('LINDEX', ready, 0)
return { ready_, suspects_, due_, parked_, math.max(0, running), failed_, M[1] and 1 or 0, tonumber(M[2] or '0'), tonumber(M[3] or '0'), tonumber(M[4] or '0'), tonumber(M[5] or '0'), tonumber(M[6] or '0'), head and redis.call('HGET', jobs, head) or '' }
