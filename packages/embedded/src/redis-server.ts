import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findRedisServer } from './find-redis-server.js'
import { freePort } from './free-port.js'
import { askServer } from './server-answer.js'
import { type SupervisedChild, superviseChild } from './supervised-child.js'

export interface RedisServerOptions {
  /** A loopback TCP port. Default: a free one. */
  port?: number
  /** Where it keeps its files; made when missing. Default: with `appendonly` a temporary folder, removed by `close()`. */
  dir?: string
  /** More command line arguments, after ours, so they win: `['--maxmemory', '64mb']`. */
  args?: readonly string[]
  /** Keeps an append-only file. Default: false, nothing is written to disk. */
  appendonly?: boolean
  /** The server to run. Default: `findRedisServer()`. */
  binary?: string
  /** Each line the server prints. */
  log?: (line: string) => void
}

/** A private Redis server of ours. It ends with this process, even when this process is killed with SIGKILL. */
export interface RedisServer {
  /** `redis://127.0.0.1:<port>` */
  readonly url: string
  readonly port: number
  /** Of the server itself. */
  readonly pid: number
  readonly dir: string
  /** Settles when the server has ended, for whatever reason. */
  readonly exited: Promise<void>
  /** Sends any signal: 'SIGSTOP' and 'SIGCONT' for a hang, 'SIGKILL' for a crash. Does not wait. */
  kill(signal: NodeJS.Signals): void
  /** Ends it and waits for that; a server without a file is killed at once. Safe to call twice. */
  close(): Promise<void>
}

const START_DEADLINE_MS = 10_000
const POLL_MS = 5
const PORT_ATTEMPTS = 5

/**
 * Starts a private server on loopback and waits until it answers PING.
 *
 * @throws Error when there is no server on PATH, or it does not answer within 10 s; the message holds its last lines.
 */
export async function startRedisServer(options: RedisServerOptions = {}): Promise<RedisServer> {
  const binary = options.binary ?? findRedisServer()
  if (binary === undefined) {
    throw new Error(
      'no redis-server and no valkey-server on PATH: install one (for example: apt-get install redis-server)',
    )
  }
  const { dir, dispose } = serverFolder(options)
  try {
    const { child, port } = await startOnAPort(binary, { ...options, dir })
    return {
      url: `redis://127.0.0.1:${port}`,
      port,
      pid: child.pid,
      dir,
      exited: child.exited,
      kill: (signal) => child.kill(signal),
      async close() {
        if (options.appendonly !== true) child.kill('SIGKILL')
        await child.stop()
        dispose()
      },
    }
  } catch (error) {
    dispose()
    throw error
  }
}

function serverFolder(options: RedisServerOptions): { dir: string; dispose: () => void } {
  if (options.dir !== undefined) {
    mkdirSync(options.dir, { recursive: true })
    return { dir: options.dir, dispose: () => undefined }
  }
  if (options.appendonly !== true) return { dir: tmpdir(), dispose: () => undefined }
  const dir = mkdtempSync(join(tmpdir(), 'millrace-redis-'))
  return { dir, dispose: () => rmSync(dir, { recursive: true, force: true }) }
}

async function startOnAPort(
  binary: string,
  options: RedisServerOptions & { dir: string },
): Promise<{ child: SupervisedChild; port: number }> {
  for (let attempt = 1; ; attempt++) {
    const port = options.port ?? (await freePort())
    const child = await superviseChild(
      binary,
      serverArguments(port, options),
      options.log === undefined ? {} : { onLine: options.log },
    )
    if (await answersInTime(child, port)) return { child, port }
    child.kill('SIGKILL')
    await child.stop()
    const said = child.lastLines().join('\n')
    // Between finding a free port and listening on it another process may have taken it.
    const portTaken = /Address already in use/i.test(said)
    if (portTaken && options.port === undefined && attempt < PORT_ATTEMPTS) continue
    const why = portTaken ? `port ${port} is taken` : `it did not answer within ${START_DEADLINE_MS / 1000} s`
    throw new Error(`${binary} did not start: ${why}. It printed:\n${said}`)
  }
}

function serverArguments(port: number, options: RedisServerOptions & { dir: string }): string[] {
  return [
    ...['--port', String(port)],
    ...['--bind', '127.0.0.1'],
    ...['--dir', options.dir],
    ...['--save', ''],
    ...['--appendonly', options.appendonly === true ? 'yes' : 'no'],
    ...['--daemonize', 'no'],
    ...(options.args ?? []),
  ]
}

/** True once *this* child answers PING: another server on the same port has another pid. */
async function answersInTime(child: SupervisedChild, port: number): Promise<boolean> {
  const deadline = Date.now() + START_DEADLINE_MS
  while (Date.now() < deadline && !child.hasExited()) {
    const answer = await askServer(port)
    if (answer?.ready === true && (answer.pid === undefined || answer.pid === child.pid)) return true
    await new Promise((resolve) => setTimeout(resolve, POLL_MS))
  }
  return false
}
