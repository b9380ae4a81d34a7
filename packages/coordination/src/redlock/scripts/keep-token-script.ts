/*
 * KEYS[1] lock   KEYS[2] fencing tokens   ARGV[1] holder   ARGV[2] token
 * Notes a lock's fencing token, if the lock is the holder's own at this moment: whoever takes it here later draws a larger one. 1: noted.
 * 0: the lock is another's, or nobody's any more.
 * A full server notes it too: without a leader nothing would drain what fills it.
 */
export const KEEP_TOKEN_SCRIPT = `#!lua flags=allow-oom
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
if tonumber(redis.call('GET', KEYS[2]) or '0') < tonumber(ARGV[2]) then redis.call('SET', KEYS[2], ARGV[2]) end
return 1
`
