import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { createApp, group } from './index.js'
import { createWorker } from './worker.js'

const PACKAGE = fileURLToPath(new URL('..', import.meta.url))
const silent = { trace() {}, debug() {}, info() {}, warn() {}, error() {}, fatal() {}, child: () => silent }
const WAIT = { timeout: '15s' } as const
let folder: string
let server: ChildProcess
let url: string

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'millrace-redis-'))
  const port = await freePort()
  url = `redis://127.0.0.1:${port}`
  const options = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--dir', folder]
  server = spawn('redis-server', options, { stdio: ['ignore', 'pipe', 'ignore'] })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.once('exit', () => reject(new Error('redis-server ended before it was ready')))
    server.stdout?.on('data', (chunk: Buffer) => {
      if (chunk.includes('Ready to accept connections')) resolve()
    })
  })
})

afterAll(async () => {
  const ended = new Promise((resolve) => server.once('exit', resolve))
  server.kill('SIGKILL')
  await ended
  rmSync(folder, { recursive: true, force: true })
})

describe('against Redis', () => {
  it('runs jobs and workflows, delayed ones by the elected dispatcher', async () => {
    await using app = createApp({ name: 'facade', broker: url, logger: silent })
    const add = app.task(
      'add',
      { input: z.object({ x: z.number(), y: z.number() }), output: z.number() },
      ({ x, y }) => x + y,
    )
    const sum = app.task('sum', { input: z.array(z.number()), output: z.number() }, (all) => all.reduce((a, b) => a + b, 0))
    await using worker = createWorker(app)
    await worker.start()
    expect(await (await add.enqueue({ x: 2, y: 3 })).result(WAIT)).toBe(5)
    expect(await (await add.enqueue({ x: 2, y: 3 }, { delay: 50 })).result(WAIT)).toBe(5)
    const members = Array.from({ length: 1_200 }, (_, x) => add.with({ x, y: 1 }))
    expect(await (await group(members).pipe(sum).enqueue()).result(WAIT)).toBe((1_200 * 1_201) / 2)
  })

  it('lets a producer that closes nothing end', async () => {
    const script = join(mkdtempSync(join(PACKAGE, '.producer-test-')), 'producer.mjs')
    try {
      writeFileSync(
        script,
        `import { createApp } from 'millrace'
         const app = createApp({ name: 'producer' })
         const job = await app.define('a').enqueue(1)
         console.log(job.id.length, await job.state())`,
      )
      const { stdout } = await promisify(execFile)(process.execPath, [script], {
        timeout: 15_000,
        env: { ...process.env, MILLRACE_BROKER: url },
      })
      expect(stdout.trim()).toBe('22 ready')
    } finally {
      rmSync(join(script, '..'), { recursive: true, force: true })
    }
  })
})

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => (typeof address === 'object' && address ? resolve(address.port) : reject(new Error('no port'))))
    })
  })
}
