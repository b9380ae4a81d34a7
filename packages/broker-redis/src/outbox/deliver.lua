-- Applies follow-ups of other jobs to the jobs of this lane that wait for them: sextuples (lane, id, index, from, letter, body).
-- `record` is the failure of a job whose upstream did not succeed.
-- returns how many were delivered
-- errors: MILLRACE LAYOUT, STALE
-- repeat: a parked job takes each index once; one that no longer waits takes none
-- failing half-way: a job may be failed and parked at once; the outbox is not acknowledged, so the repeat ends it
--@flags allow-oom
--@include epoch
--@include finish
--@include history
--@keys parked
--@args layout epoch record entries...
for i = REST, #ARGV, 6 do
  local id, index, letter, body = ARGV[i + 1], ARGV[i + 2], ARGV[i + 4], ARGV[i + 5]
  if letter == 'S' then
    joinHere(id, index, body == '' and 'null' or body)
  elseif redis.call('ZSCORE', parked, id) then
    remember({ id }, { record })
    SPARSE = {}
    finish({ id }, 'F', { '0 ' .. record })
    redis.call('ZREM', parked, id)
    redis.call('HINCRBY', meta, 'failedEver', 1)
  end
end
return (#ARGV - REST + 1) / 6
