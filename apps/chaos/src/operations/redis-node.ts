import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { type RedisServer, startRedisServer } from '@millrace/embedded'
import { Redis } from 'ioredis'
import type { Stage } from '../run/scenario.js'

const EVERYSEC = ['--appendfsync', 'everysec', '--auto-aof-rewrite-percentage', '0'] as const

/** A Redis of ours with an append-only file, which can die and come back under the same address. */
export class RedisNode {
  #server: RedisServer

  private constructor(
    server: RedisServer,
    private readonly dir: string,
  ) {
    this.#server = server
  }

  /** Starts it; it ends with the run. */
  static async start(stage: Stage): Promise<RedisNode> {
    const dir = join(stage.dir, 'redis')
    mkdirSync(dir, { recursive: true })
    const server = await startRedisServer({ appendonly: true, dir, args: EVERYSEC })
    const node = new RedisNode(server, dir)
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
    const { port } = this.#server
    this.#server = await startRedisServer({ appendonly: true, dir: this.dir, port, args: EVERYSEC })
  }

  freeze(): void {
    this.#server.kill('SIGSTOP')
  }

  thaw(): void {
    this.#server.kill('SIGCONT')
  }

  /** A client of our own, for what the checkers read. The caller ends it. */
  async client(): Promise<Redis> {
    const redis = new Redis(this.url, { lazyConnect: true, retryStrategy: () => null })
    redis.on('error', () => undefined)
    await redis.connect()
    return redis
  }
}
