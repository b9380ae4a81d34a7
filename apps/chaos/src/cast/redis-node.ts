import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { type RedisServer, startRedisServer } from '@millrace/embedded'
import { Redis } from 'ioredis'
import type { Stage } from '../run/scenario.js'
import { until } from '../run/until.js'

const EVERYSEC = [
  ...['--appendfsync', 'everysec', '--auto-aof-rewrite-percentage', '0'],
  // A replica gets its first copy at once.
  ...['--repl-diskless-sync-delay', '0'],
]

export interface RedisNodeOptions {
  /** Of its folder. Default 'redis'. */
  readonly name?: string
  /** Follows the server on this port. */
  readonly replicaOf?: number
  /** The program, where it is not the `redis-server` on PATH. */
  readonly binary?: string | undefined
}

/** A Redis of ours with an append-only file, which can die and come back under the same address. */
export class RedisNode {
  #server: RedisServer

  private constructor(
    server: RedisServer,
    private readonly settings: { readonly dir: string; readonly binary?: string; readonly args: readonly string[] },
  ) {
    this.#server = server
  }

  /** Starts it; it ends with the run. */
  static async start(stage: Stage, options: RedisNodeOptions = {}): Promise<RedisNode> {
    const { name = 'redis', replicaOf, binary } = options
    const dir = join(stage.dir, name)
    mkdirSync(dir, { recursive: true })
    const args = [...EVERYSEC]
    const following = replicaOf === undefined ? [] : ['--replicaof', '127.0.0.1', String(replicaOf)]
    const settings = { dir, args, ...(binary !== undefined && { binary }) }
    const server = await startRedisServer({ ...settings, appendonly: true, args: [...args, ...following] })
    const node = new RedisNode(server, settings)
    stage.defer(async () => {
      node.#server.kill('SIGCONT')
      node.#server.kill('SIGKILL')
      await node.#server.close()
    })
    return node
  }

  get url(): string {
    return this.#server.url
  }

  get port(): number {
    return this.#server.port
  }

  /** kill -9; resolves once it is gone. */
  async kill(): Promise<void> {
    this.#server.kill('SIGKILL')
    await this.#server.exited
  }

  /** Starts it again on the same port and files; resolves once it answers, its files read. */
  async restart(): Promise<void> {
    this.#server = await startRedisServer({ ...this.settings, appendonly: true, port: this.#server.port })
  }

  /** Of one that is down: its files. */
  removeFiles(): void {
    for (const name of readdirSync(this.settings.dir)) rmSync(join(this.settings.dir, name), { recursive: true })
  }

  freeze(): void {
    this.#server.kill('SIGSTOP')
  }

  thaw(): void {
    this.#server.kill('SIGCONT')
  }

  /** Of a replica: waits until it has all that its primary had when it joined. */
  async follows(): Promise<void> {
    await this.ask(async (client) => {
      await until('the replica follows', async () =>
        (await client.info('replication')).includes('master_link_status:up'),
      )
    })
  }

  /** Makes a replica the primary. */
  async promote(): Promise<void> {
    await this.ask((client) => client.replicaof('NO', 'ONE'))
  }

  /** A client of our own, for what the checkers read. The caller ends it. */
  async client(): Promise<Redis> {
    const redis = new Redis(this.url, { lazyConnect: true, retryStrategy: () => null })
    redis.on('error', () => undefined)
    await redis.connect()
    return redis
  }

  async ask<T>(question: (client: Redis) => Promise<T>): Promise<T> {
    const client = await this.client()
    try {
      return await question(client)
    } finally {
      client.disconnect()
    }
  }
}
