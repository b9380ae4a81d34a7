import { createHash } from 'node:crypto'
import type { Redis } from 'ioredis'
import type { Script } from '../src/scripts.generated.js'
import * as generated from '../src/scripts.generated.js'

const OFFSET = 'test:clock-offset'
const FAILURE = 'test:failure'

/** What stands before each script: a clock that can be moved, and an error at the k-th call of Redis when one is ordered. */
const prelude = (name: string) => `
local realRedis = redis
local callNumber, failAt = 0, nil
do
  local order = realRedis.call('GET', '${FAILURE}')
  local script, k = (order or ''):match('^(%S+) (%d+)$')
  if script == '${name}' then failAt = tonumber(k) end
end
local function injected(command)
  callNumber = callNumber + 1
  if callNumber ~= failAt then return nil end
  realRedis.call('SET', '${FAILURE}', 'fired')
  return { err = 'INJECTED at call ' .. failAt .. ', ' .. command }
end
local redis = setmetatable({ pcall = function(command, ...)
  -- What is published may be missed: that is no error.
  return command ~= 'PUBLISH' and injected(command) or realRedis.pcall(command, ...)
end, call = function(command, ...)
  local problem = injected(command)
  if problem then error(problem, 0) end
  if command ~= 'TIME' then return realRedis.call(command, ...) end
  local now, offset = realRedis.call('TIME'), tonumber(realRedis.call('GET', '${OFFSET}') or '0')
  local ms = now[1] * 1000 + math.floor(now[2] / 1000) + offset
  return { string.format('%.0f', math.floor(ms / 1000)), string.format('%.0f', (ms % 1000) * 1000 + now[2] % 1000) }
end }, { __index = realRedis })
`

/** Patches every script of this test file's module graph. Once; before the first call of a broker. */
export function instrumentScripts(): void {
  for (const script of Object.values(generated) as { -readonly [K in keyof Script]: Script[K] }[]) {
    if (script.source.includes('realRedis')) continue
    // Reading scripts must not write 'fired': they may then.
    const head = script.source.slice(0, script.source.indexOf('\n') + 1).replace('flags=no-writes', 'flags=allow-oom')
    script.source = head + prelude(script.name) + script.source.slice(script.source.indexOf('\n') + 1)
    script.sha = createHash('sha1').update(script.source).digest('hex')
  }
}

/** Moves the clock of all scripts. What Redis itself expires (results, unique keys with a time) does not follow. */
export async function advanceClock(raw: Redis, ms: number): Promise<void> {
  await raw.incrby(OFFSET, Math.round(ms))
}

/** The k-th call of Redis (from 1) in the next run of this script raises an error. */
export async function failNext(raw: Redis, script: string, call: number): Promise<void> {
  await raw.set(FAILURE, `${script} ${call}`)
}

/** Whether the ordered error has happened. */
export async function hasFired(raw: Redis): Promise<boolean> {
  return (await raw.get(FAILURE)) === 'fired'
}

/** Whether the ordered error has happened; takes the order back. */
export async function hasFailed(raw: Redis): Promise<boolean> {
  return (await raw.getdel(FAILURE)) === 'fired'
}
