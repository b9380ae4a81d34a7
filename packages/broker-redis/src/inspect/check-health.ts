import type { CallOptions, Finding } from '@millrace/broker'
import type { Engine } from '../engine.js'
import { Link } from '../link/link.js'

/** Reads INFO once and judges what Millrace's promises depend on. Needs no CONFIG permission. */
export async function checkHealth(engine: Engine, options: CallOptions = {}): Promise<readonly Finding[]> {
  // A link of its own: an unfit server refuses every other call, and this one has to say why.
  const link = new Link(engine.target, 'none')
  try {
    return await examine(link, options)
  } finally {
    link.close()
  }
}

async function examine(link: Link, options: CallOptions): Promise<readonly Finding[]> {
  await link.command('ping', [], { what: 'PING', ...options })
  const started = performance.now()
  const text = (await link.command('info', [], { what: 'INFO', ...options })) as string
  const latencyMs = performance.now() - started
  const [seconds = '0', micros = '0'] = (await link.command('time', [], { what: 'TIME', ...options })) as string[]
  const info = parseInfo(text)
  return [
    version(info),
    evictionPolicy(info),
    persistence(info),
    role(info),
    memory(info),
    clock(Number(seconds) * 1000 + Number(micros) / 1000),
    latency(latencyMs),
  ]
}

type Info = ReadonlyMap<string, string>

export function parseInfo(text: string): Info {
  const rows = text.split(/\r?\n/).filter((line) => line.includes(':') && !line.startsWith('#'))
  return new Map(rows.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)]))
}

function ok(code: string, what: string): Finding {
  return { level: 'ok', code, what, fix: undefined }
}

function version(info: Info): Finding {
  const server =
    info.get('server_name') === 'valkey' ? `Valkey ${info.get('valkey_version')}` : `Redis ${info.get('redis_version')}`
  const major = Number((info.get('redis_version') ?? '0').split('.')[0])
  if (major >= 7) return ok('version', server)
  return {
    level: 'error',
    code: 'version',
    what: `${server} is too old for Millrace's scripts`,
    fix: 'use Redis 7.0 or newer, or Valkey',
  }
}

function evictionPolicy(info: Info): Finding {
  const policy = info.get('maxmemory_policy') ?? 'unknown'
  if (policy === 'noeviction') return ok('eviction-policy', 'noeviction: a full Redis refuses instead of forgetting')
  return {
    level: 'error',
    code: 'eviction-policy',
    what: `maxmemory-policy is ${policy}: Redis may delete jobs when it is full`,
    fix: 'CONFIG SET maxmemory-policy noeviction, and the same in redis.conf',
  }
}

function persistence(info: Info): Finding {
  if (info.get('aof_enabled') === '1') return ok('persistence', 'append-only file on')
  return {
    level: 'warning',
    code: 'persistence',
    what: 'the append-only file is off: a restart of Redis loses every job since its last snapshot',
    fix: 'CONFIG SET appendonly yes (and appendfsync everysec), and the same in redis.conf',
  }
}

function role(info: Info): Finding {
  if (info.get('role') !== 'slave') return ok('role', 'primary')
  return {
    level: 'error',
    code: 'role',
    what: 'this Redis is a replica: writes are refused',
    fix: 'point the broker URL at the primary, or use redis+sentinel://',
  }
}

function memory(info: Info): Finding {
  const used = Number(info.get('used_memory') ?? 0)
  const limit = Number(info.get('maxmemory') ?? 0)
  const share = limit === 0 ? 0 : used / limit
  const what = `${info.get('used_memory_human') ?? '?'} used of ${limit === 0 ? 'no limit' : (info.get('maxmemory_human') ?? '?')}`
  if (share < 0.8) return ok('memory', what)
  return {
    level: share < 0.95 ? 'warning' : 'error',
    code: 'memory',
    what,
    fix: 'raise maxmemory, add workers, or purge queues that nobody drains',
  }
}

function clock(serverMs: number): Finding {
  const off = Math.abs(serverMs - Date.now())
  if (off < 2_000) return ok('clock', 'clocks agree')
  return {
    level: 'warning',
    code: 'clock',
    what: `the clocks of this machine and of Redis are ${Math.round(off / 1000)} s apart: times on screen are off; leases and delays follow Redis and are not`,
    fix: 'synchronize both with NTP',
  }
}

function latency(ms: number): Finding {
  if (ms < 50) return ok('latency', `${ms.toFixed(1)} ms to Redis`)
  return {
    level: 'warning',
    code: 'latency',
    what: `${ms.toFixed(0)} ms to Redis`,
    fix: 'run workers and producers in the same region as Redis',
  }
}
