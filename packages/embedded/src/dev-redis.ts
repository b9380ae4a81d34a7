import { basename, join, relative, resolve } from 'node:path'
import { type DataDirLock, lockDataDir } from './data-dir-lock.js'
import { startEmbeddedServer } from './embedded-server.js'
import { findRedisServer } from './find-redis-server.js'
import { startRedisServer } from './redis-server.js'

/** Where a development Redis came from, best first. */
export type DevRedisKind = 'given' | 'redis-server' | 'valkey-server' | 'embedded'

export interface DevRedisOptions {
  /** Where a server of ours keeps its data. Default: `.millrace/redis` under the working directory. */
  dataDir?: string
  /** Each line that the server prints. Default: dropped. */
  log?: (line: string) => void
  /** Takes this rung of the ladder or fails. Default: the first that can be had. */
  kind?: DevRedisKind
}

/** A Redis for development. */
export interface DevRedis {
  /** What goes into `createApp({ broker })`. */
  readonly url: string
  readonly kind: DevRedisKind
  /** One line for the screen, without the password: which server this is, and where its data are. */
  readonly describe: string
  /** Ends a server of ours, keeping its data; leaves a given one alone. Safe to call twice. */
  close(): Promise<void>
}

const KINDS: readonly DevRedisKind[] = ['given', 'redis-server', 'valkey-server', 'embedded']

/**
 * Finds or starts a Redis for development: `MILLRACE_BROKER`, else a private `redis-server` or `valkey-server` from PATH,
 * else the embedded one. A server of ours listens on loopback only, keeps its data between runs, and ends with this process
 * even after SIGKILL.
 *
 * @throws Error saying what to do: the asked kind cannot be had, the data folder is in use, the server did not start.
 */
export async function openDevRedis(options: DevRedisOptions = {}): Promise<DevRedis> {
  const { kind } = options
  if (kind !== undefined && !KINDS.includes(kind)) {
    throw new Error(`kind is ${JSON.stringify(kind)}: expected one of ${KINDS.join(', ')}`)
  }
  const given = process.env.MILLRACE_BROKER
  if (kind === 'given' || (kind === undefined && given !== undefined && given !== '')) return givenRedis(given)
  const dataDir = resolve(options.dataDir ?? join('.millrace', 'redis'))
  const lock = await lockDataDir(dataDir)
  try {
    const rung = { dataDir, lock, log: options.log }
    if (kind === 'embedded') return await embeddedRedis(rung)
    const binary = findRedisServer({ names: kind === undefined ? undefined : [kind] })
    if (binary !== undefined) return await serverRedis(binary, rung)
    if (kind !== undefined)
      throw new Error(`no ${kind} on PATH: install it, or leave the choice of the kind to Millrace`)
    return await embeddedRedis(rung)
  } catch (error) {
    lock.release()
    throw error
  }
}

interface Rung {
  readonly dataDir: string
  readonly lock: DataDirLock
  readonly log: ((line: string) => void) | undefined
}

function givenRedis(url: string | undefined): DevRedis {
  if (url === undefined || url === '') {
    throw new Error('MILLRACE_BROKER is not set: set it to the address of a Redis, for example redis://127.0.0.1:6379')
  }
  return {
    url,
    kind: 'given',
    describe: `Redis: ${withoutPassword(url)} (from MILLRACE_BROKER)`,
    close: () => Promise.resolve(),
  }
}

/** Each kind has a folder of its own: none of them reads the files of another. */
async function serverRedis(binary: string, rung: Rung): Promise<DevRedis> {
  const kind = basename(binary) === 'valkey-server' ? 'valkey-server' : 'redis-server'
  const dir = join(rung.dataDir, kind)
  const server = await startRedisServer({
    binary,
    dir,
    appendonly: true,
    args: ['--appendfsync', 'everysec', '--maxmemory-policy', 'noeviction'],
    ...(rung.log === undefined ? {} : { log: rung.log }),
  })
  return ownRedis({ kind, server, rung, describe: `private ${binary} on 127.0.0.1:${server.port}`, dir })
}

async function embeddedRedis(rung: Rung): Promise<DevRedis> {
  const dir = join(rung.dataDir, 'embedded')
  const server = await startEmbeddedServer({ dir, ...(rung.log === undefined ? {} : { log: rung.log }) })
  const describe = `embedded Valkey in WebAssembly, for development only, on 127.0.0.1:${server.port}`
  return ownRedis({ kind: 'embedded', server, rung, describe, dir })
}

function ownRedis(own: {
  kind: DevRedisKind
  server: { readonly url: string; readonly pid: number; close(): Promise<void> }
  rung: Rung
  describe: string
  dir: string
}): DevRedis {
  const { kind, server, rung } = own
  rung.lock.serverIs(server.pid)
  let closing: Promise<void> | undefined
  return {
    url: server.url,
    kind,
    describe: `Redis: ${own.describe}, data in ${relative('', own.dir) || '.'}`,
    close() {
      closing ??= server.close().then(() => rung.lock.release())
      return closing
    },
  }
}

/** `redis://user:secret@host` → `redis://user:***@host`; sentinel and cluster lists of hosts are no valid `URL`. */
function withoutPassword(url: string): string {
  return url.replace(/^([a-z+]+:\/\/[^/@:]*):[^/]*@/i, '$1:***@')
}
