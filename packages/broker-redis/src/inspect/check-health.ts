import type { CallOptions, Finding } from '@millrace/broker'
import type { Engine } from '../engine.js'
import { appKey, LAYOUT, laneKey } from '../keyspace.js'
import { Link } from '../link/link.js'
import { parseLane } from '../registry/lane-registry.js'
import { knownHoles } from './known-holes.js'

/** Reads INFO once and judges what Millrace's promises depend on. Needs no CONFIG permission. */
export async function checkHealth(engine: Engine, options: CallOptions = {}): Promise<readonly Finding[]> {
  // A link of its own: an unfit server refuses every other call, and this one has to say why.
  const link = new Link(engine.target, 'none')
  try {
    return [...(await examine(link, options)), ...(await layouts(engine, link, options))]
  } finally {
    link.close()
  }
}

async function examine(link: Link, options: CallOptions): Promise<readonly Finding[]> {
  await link.command('ping', [], { what: () => 'PING', ...options })
  const started = performance.now()
  const text = (await link.command('info', [], { what: () => 'INFO', ...options })) as string
  const latencyMs = performance.now() - started
  const [seconds = '0', micros = '0'] = (await link.command('time', [], { what: () => 'TIME', ...options })) as string[]
  const info = parseInfo(text)
  return [
    version(info),
    ...holes(info),
    evictionPolicy(info),
    persistence(info),
    ...writeFaults(info),
    role(info),
    ...replicas(info),
    memory(info),
    clock(Number(seconds) * 1000 + Number(micros) / 1000),
    latency(latencyMs),
  ]
}

/** Enough to find a release that writes another layout; each costs one call. */
const MAX_LANES = 50

/** Two releases that share an app but not its layout refuse each other's lanes. */
async function layouts(engine: Engine, link: Link, options: CallOptions): Promise<Finding[]> {
  const names = (await link.command('smembers', [appKey(engine.keyspace, 'lanes')], {
    what: () => 'list of lanes',
    ...options,
  })) as string[]
  const found = await Promise.all(
    names.slice(0, MAX_LANES).map(async (name) => {
      const meta = laneKey(engine.keyspace, parseLane(name), 'meta')
      return {
        name,
        layout: (await link.command('hget', [meta, 'layout'], { what: () => 'layout', ...options })) as string | null,
      }
    }),
  )
  const other = found.filter(({ layout }) => layout !== null && layout !== LAYOUT)
  const [first] = other
  if (first === undefined) return names.length === 0 ? [] : [ok('layout', `layout ${LAYOUT}`)]
  return [
    {
      level: 'error',
      code: 'layout',
      what: `lane ${first.name}${other.length > 1 ? ` and ${other.length - 1} more` : ''} has layout ${first.layout}, this release reads layout ${LAYOUT}`,
      fix: 'run one release everywhere, give this app another name or prefix, or drain the queues before changing over',
    },
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

function serverName(info: Info): string {
  return isValkey(info) ? `Valkey ${info.get('valkey_version')}` : `Redis ${info.get('redis_version')}`
}

function isValkey(info: Info): boolean {
  return info.get('server_name') === 'valkey'
}

/** A user of Millrace must be allowed scripts and blocking commands: with these holes that is leave to run anything. */
function holes(info: Info): Finding[] {
  const ids = isValkey(info)
    ? knownHoles('valkey', info.get('valkey_version') ?? '')
    : knownHoles('redis', info.get('redis_version') ?? '')
  if (ids.length === 0) return []
  return [
    {
      level: 'warning',
      code: 'security',
      what: `${serverName(info)} has ${ids.join(', ')}, unless a distribution has patched it under this number: who may log in can run code on its machine`,
      fix: 'update it to the last patch release of a supported branch (Redis 8.6, Valkey 9), and let nobody else log in',
    },
  ]
}

function version(info: Info): Finding {
  const server = serverName(info)
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

/** What the server says about its own disk. */
function writeFaults(info: Info): Finding[] {
  const failed = (['aof_last_write_status', 'aof_last_bgrewrite_status', 'rdb_last_bgsave_status'] as const).filter(
    (field) => info.get(field) === 'err',
  )
  return failed.map((field) => ({
    level: field === 'aof_last_write_status' ? 'error' : 'warning',
    code: 'disk',
    what: `Redis could not write its files (${field}: err)`,
    fix: "look at the disk's free space and at the log of Redis",
  }))
}

/** Replication is asynchronous: what a replica has not received is gone after a failover. */
function replicas(info: Info): Finding[] {
  const count = Number(info.get('connected_slaves') ?? 0)
  if (count === 0 || info.get('role') === 'slave') return []
  const states = Array.from({ length: count }, (_, index) => info.get(`slave${index}`) ?? '')
  const behind = states.filter((state) => !state.includes('state=online') || Number(/lag=(\d+)/.exec(state)?.[1]) > 10)
  if (behind.length > 0) {
    return [
      {
        level: 'warning',
        code: 'replicas',
        what: `${behind.length} of ${count} replicas are behind or not online`,
        fix: 'look at the network and the log of the replica',
      },
    ]
  }
  // Told only where min-replicas-to-write is set.
  if (info.has('min_slaves_good_slaves')) return [ok('replicas', `${count} online, and writes wait for enough of them`)]
  return [
    {
      level: 'warning',
      code: 'replicas',
      what: `${count} replicas, but writes go on without them: a failover loses what they had not received`,
      fix: 'CONFIG SET min-replicas-to-write 1 and min-replicas-max-lag 10, and the same in redis.conf',
    },
  ]
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
