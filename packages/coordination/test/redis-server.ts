import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { freePort } from '@millrace/embedded'
import { Redis } from 'ioredis'

const found = spawnSync('redis-server', ['--version'], { timeout: 5_000 })

const ATTEMPTS = 5

/** Why tests on real servers cannot run here; undefined when they can. */
export const whyNoRedis = found.status === 0 ? undefined : 'no redis-server on PATH'

/** A real redis-server on a loopback port of its own; it forgets everything when it stops. */
export class RedisServer {
  readonly port: number
  #child: ChildProcess | undefined

  private constructor(port: number) {
    this.port = port
  }

  static async start(): Promise<RedisServer> {
    // Until it listens, another process may take the port.
    for (let attempt = 1; ; attempt++) {
      const server = new RedisServer(await freePort())
      if (await server.#launch()) return server
      if (attempt === ATTEMPTS) throw new Error(`a redis-server could not be started, ${ATTEMPTS} times`)
    }
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`
  }

  /** Starts the process (again, on the same port) and waits until it answers. */
  async resume(): Promise<void> {
    if (!(await this.#launch())) throw new Error(`a redis-server could not be started again on port ${this.port}`)
  }

  /** Whether this very process answers. */
  async #launch(): Promise<boolean> {
    const settings = ['--port', String(this.port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no']
    const child = spawn('redis-server', settings, { stdio: 'ignore' })
    this.#child = child
    const answered = this.ask((client) => client.info('server')).then((text) =>
      text.includes(`process_id:${child.pid}`),
    )
    return Promise.race([answered.catch(() => false), once(child, 'exit').then(() => false)])
  }

  /** As `kill -9`. */
  async kill(): Promise<void> {
    const child = this.#child
    this.#child = undefined
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
    const exited = once(child, 'exit')
    child.kill('SIGKILL')
    await exited
  }

  freeze(): void {
    this.#child?.kill('SIGSTOP')
  }

  thaw(): void {
    this.#child?.kill('SIGCONT')
  }

  /** Runs commands over a connection of the test's own. */
  async ask<T>(run: (client: Redis) => Promise<T>): Promise<T> {
    const client = new Redis({
      host: '127.0.0.1',
      port: this.port,
      retryStrategy: () => 20,
      maxRetriesPerRequest: 1_000,
    })
    client.on('error', () => {})
    try {
      return await run(client)
    } finally {
      client.disconnect()
    }
  }
}
