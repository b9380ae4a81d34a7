/*
 * KEYS[1] lock   ARGV[1] holder   ARGV[2] channel to tell, or ''
 * Deletes the lock if it is the holder's own and tells who waits for it. 1: deleted. 0: gone already, or another's.
 * A try that lost drops its votes without telling: the losers would only wake each other, without end.
 */
export const GIVE_BACK_SCRIPT = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('DEL', KEYS[1])
if ARGV[2] ~= '' then redis.call('PUBLISH', ARGV[2], '1') end
return 1
`
