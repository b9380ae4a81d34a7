import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { findRedisServer, type RedisServer, startRedisServer } from '@millrace/embedded'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { createApp, group } from './index.js'
import { createWorker } from './worker.js'

const PACKAGE = fileURLToPath(new URL('..', import.meta.url))
const silent = { trace() {}, debug() {}, info() {}, warn() {}, error() {}, fatal() {}, child: () => silent }
const WAIT = { timeout: '30s' } as const
const hasRedis = findRedisServer() !== undefined
let server: RedisServer
let url: string

beforeAll(async () => {
  if (!hasRedis) return
  server = await startRedisServer()
  url = server.url
})

afterAll(() => server?.close())

describe.skipIf(!hasRedis)('against Redis', () => {
  it('runs jobs and workflows, delayed ones by the elected dispatcher', async () => {
    await using app = createApp({ name: 'facade', broker: url, logger: silent })
    const add = app.task(
      'add',
      { input: z.object({ x: z.number(), y: z.number() }), output: z.number() },
      ({ x, y }) => x + y,
    )
    const sum = app.task('sum', { input: z.array(z.number()), output: z.number() }, (all) =>
      all.reduce((a, b) => a + b, 0),
    )
    await using worker = createWorker(app)
    await worker.start()
    expect(await (await add.enqueue({ x: 2, y: 3 })).result(WAIT)).toBe(5)
    expect(await (await add.enqueue({ x: 2, y: 3 }, { delay: 50 })).result(WAIT)).toBe(5)
    const members = Array.from({ length: 1_200 }, (_, x) => add.with({ x, y: 1 }))
    expect(await (await group(members).pipe(sum).enqueue()).result(WAIT)).toBe((1_200 * 1_201) / 2)
  })

  it('lets a producer that closes nothing end', async () => {
    const { ended } = produce(
      `const job = await app.define('a').enqueue(1)
       console.log(job.id.length, await job.state())`,
    )
    expect(await ended).toBe('22 ready')
  })

  it('keeps a producer alive while it waits for a result, and not longer', async () => {
    const { ended, printed } = produce(
      `const job = await app.define('double', { results: { keep: '1m' } }).enqueue(21)
       console.log('waiting')
       console.log(await job.result())`,
    )
    await printed
    await using app = createApp({ name: 'producer', broker: url, logger: silent })
    app.define('double', { results: { keep: '1m' } }).handle((n) => Number(n) * 2)
    await using worker = createWorker(app, { dispatcher: false })
    await worker.start()
    expect(await ended).toBe('waiting\n42')
  })
})

/** Runs a producer in a process of its own. `printed`: it has written something; `ended`: what it wrote, once it ended by itself. */
function produce(body: string): { readonly printed: Promise<unknown>; readonly ended: Promise<string> } {
  const home = mkdtempSync(join(PACKAGE, '.producer-test-'))
  const script = join(home, 'producer.mjs')
  writeFileSync(script, `import { createApp } from 'millrace'\nconst app = createApp({ name: 'producer' })\n${body}`)
  const env = { ...process.env, MILLRACE_BROKER: url }
  const running = promisify(execFile)(process.execPath, [script], { timeout: 50_000, env })
  const ended = running
    .then(({ stdout }) => stdout.trim())
    .finally(() => rmSync(home, { recursive: true, force: true }))
  const { stdout } = running.child
  return { ended, printed: Promise.race([ended, stdout === null ? ended : once(stdout, 'data')]) }
}
