import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { type RedisServer, startRedisServer } from '@millrace/embedded'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

const HERE = fileURLToPath(new URL('../..', import.meta.url))

/** A program whose worker is told to stop when its parent says so. It ends when nothing is left to do, and only then. */
const PROGRAM = `
  import { createApp } from 'millrace'
  import { createWorker } from 'millrace/worker'
  const app = createApp({ name: 'stop', broker: process.env.URL })
  app.define('add', {}).handle(() => {})
  const worker = createWorker(app)
  await worker.start()
  process.send('runs')
  process.once('message', async () => {
    await worker.stop()
    await app.close()
    process.disconnect()
  })
`

describe.skipIf(process.env.MILLRACE_TEST_REDIS === 'none')('an idle worker whose Redis is gone', () => {
  let redis: RedisServer
  beforeEach(async () => {
    redis = await startRedisServer()
  })
  afterEach(async () => {
    redis.kill('SIGCONT')
    await redis.close()
  })

  test.each(['killed', 'frozen'])(
    '%s: it stops, and nothing keeps its process',
    async (how) => {
      const program = spawn(process.execPath, ['--input-type=module', '-e', PROGRAM], {
        cwd: HERE,
        env: { ...process.env, URL: redis.url, LOG_LEVEL: 'silent' },
        stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      })
      const ended = once(program, 'exit')
      await once(program, 'message')
      if (how === 'killed') redis.kill('SIGKILL')
      else redis.kill('SIGSTOP')
      program.send('stop')
      const hung = setTimeout(() => program.kill('SIGKILL'), 40_000)
      expect(await ended).toEqual([0, null])
      clearTimeout(hung)
    },
    60_000,
  )
})
