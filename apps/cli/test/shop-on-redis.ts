import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type RedisServer, startRedisServer } from '@millrace/embedded'
import { createMonitor } from '@millrace/monitor'
import { type App, createApp } from 'millrace'
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest'
import { CliProcess, runCli } from './cli-process.js'

/** A Redis for each test, and commands of app `shop` on it; what still runs at a test's end is ended. To be called where tests are collected. */
export function shopOnRedis() {
  let redis: RedisServer
  let app: App
  let folder: string
  const running: CliProcess[] = []
  const env = () => ({ MILLRACE_BROKER: redis.url })
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'millrace-cli-'))
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  beforeEach(async () => {
    redis = await startRedisServer()
    app = createApp({ name: 'shop', broker: redis.url })
  })
  afterEach(async () => {
    for (const one of running.splice(0)) await one.kill()
    await app.close()
    await redis.close()
  })
  return {
    get redis() {
      return redis
    },
    get app() {
      return app
    },
    /** Where handlers look for files. */
    get folder() {
      return folder
    },
    monitor: () => createMonitor({ app: 'shop', broker: () => app.broker() }),
    /** A command that goes on until it is told to end. */
    start(...args: string[]): CliProcess {
      const started = new CliProcess(args, { env: env() })
      running.push(started)
      return started
    },
    /** A command that ends by itself. */
    cli: (...args: string[]) => runCli(args, { env: env() }),
  }
}
