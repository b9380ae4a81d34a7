-- Keeps what the handlers of running jobs said: the latest progress, and log lines, at most 16 KiB a job (the oldest go first).
-- Bounded to `count` reports a lane: those that would expire soonest go first.
-- Per job: token, id, since (the job's enqueuedAt: another one's report is dropped), keep (ms; '': defaultKeep), from (lines of this token
-- before these), lines (JSON texts, one a line), how many, progress (JSON text or '').
-- returns one '1' or '0' per job: 0 when the seat does not hold it under that token
-- errors: MILLRACE FENCED
-- repeat: adds no line twice
-- failing half-way: some jobs' reports are written, the others' lines are missing; a report that no entry bounds expires
--@include clock
--@keys meta reports
--@families seat report
--@args layout name count defaultKeep jobs...
local LINES_BYTES = 16384
local S = redis.call('HMGET', seat_ .. name, 'lease', 'dying')
if not S[1] or S[2] then return redis.error_reply('MILLRACE FENCED') end
local held = {}
local function holds(token, id)
  if held[token] == nil then held[token] = redis.call('HGET', seat_ .. name, 't' .. token) end
  return held[token] and held[token]:find(' ' .. id .. ' ', 1, true)
end
local function linesIn(text) return select(2, text:gsub('\n', '')) + 1 end

local function write(id, token, since, from, lines, n, progress)
  local key = report_ .. id
  local R = redis.call('HMGET', key, 'since', 'token', 'said', 'lines', 'dropped')
  if R[1] and R[1] ~= since then
    redis.call('DEL', key)
    R = {}
  end
  local said = R[2] == token and tonumber(R[3]) or 0
  local dropped = tonumber(R[5] or '0') + math.max(0, from - said)
  local known = math.min(n, math.max(0, said - from))
  for _ = 1, known do lines = lines:match('\n(.*)') or '' end
  local text = R[4] or ''
  if n > known then text = (text == '' and lines) or (text .. '\n' .. lines) end
  if #text > LINES_BYTES then
    local cut = text:find('\n', #text - LINES_BYTES, true) or #text
    dropped = dropped + linesIn(text:sub(1, cut - 1))
    text = text:sub(cut + 1)
  end
  redis.call('HSET', key, 'since', since, 'token', token, 'said', math.max(said, from + n), 'lines', text, 'dropped', dropped)
  if progress ~= '' then redis.call('HSET', key, 'progress', progress, 'progressAt', NOW) end
end

local answer, kept = {}, 0
for at = REST, #ARGV, 8 do
  local token, id = ARGV[at], ARGV[at + 1]
  if holds(token, id) then
    local keep = ARGV[at + 3] == '' and defaultKeep or ARGV[at + 3]
    write(id, token, ARGV[at + 2], tonumber(ARGV[at + 4]), ARGV[at + 5], tonumber(ARGV[at + 6]), ARGV[at + 7])
    redis.call('PEXPIRE', report_ .. id, keep)
    redis.call('ZADD', reports, NOW + keep, id)
    kept = kept + 1
    answer[#answer + 1] = '1'
  else
    answer[#answer + 1] = '0'
  end
end
if kept > 0 then
  redis.call('HINCRBY', meta, 'reports', kept)
  redis.call('ZREMRANGEBYSCORE', reports, '-inf', NOW)
  local surplus = redis.call('ZCARD', reports) - count
  if surplus > 0 then
    local rows = redis.call('ZPOPMIN', reports, math.min(surplus, 1000))
    for i = 1, #rows, 2 do redis.call('DEL', report_ .. rows[i]) end
  end
end
return table.concat(answer)
