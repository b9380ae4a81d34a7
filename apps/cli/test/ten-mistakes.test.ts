import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type RedisServer, startRedisServer } from '@millrace/embedded'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type CliOptions, CliProcess, runCli } from './cli-process.js'
import { ProjectFolder } from './project-folder.js'
import { until } from './until.js'

const HEAD = "import { createApp } from 'millrace'\n"
const FILES = {
  'tasks.ts': `${HEAD}export const app = createApp({ name: 'shop' })
export const add = app.task('math.add', ({ x, y }: { x: number; y: number }) => x + y)
export const forget = app.task('promise.forget', { retry: { attempts: 1 } }, async (_input, ctx) => {
  const stopped = new Promise((resolve) => ctx.signal.addEventListener('abort', resolve))
  void (async () => { throw new RangeError('nobody listens') })()
  await stopped
})
`,
  'throws.ts': "throw new RangeError('no settings')\n",
  'typo.ts': `${HEAD}export const app = createApp({ name: 'shop' })
app.task('math.add', { retrys: { attempts: 3 } } as object, () => 1)
`,
  'promise.ts': `${HEAD}const make = async () => createApp({ name: 'shop' })
export const app = make()
`,
  'decorated.mjs': `${HEAD}export const app = createApp({ name: 'shop' })
const task = (name) => () => name
class Mail {
  @task('mail.send')
  send() {}
}
`,
  'legacy/tsconfig.json': '{ "compilerOptions": { "experimentalDecorators": true } }',
  'legacy/tasks.ts': `import { createApp, task, tasks } from 'millrace'
export const app = createApp({ name: 'shop' })
@tasks()
class Mail {
  @task('mail.send')
  send() {}
}
export const mail = app.register(new Mail())
`,
}

describe.skipIf(process.env['MILLRACE_TEST_REDIS'] === 'none')('ten mistakes end in one sentence with the fix', () => {
  let redis: RedisServer
  let project: ProjectFolder
  beforeAll(async () => {
    redis = await startRedisServer()
    project = new ProjectFolder(FILES)
  })
  afterAll(async () => {
    project.remove()
    await redis.close()
  })

  /** The one line that it prints. */
  async function sentence(args: readonly string[], options: CliOptions = {}): Promise<string> {
    const env = { MILLRACE_BROKER: redis.url, ...options.env }
    const end = await runCli(args, { cwd: project.path, ...options, env })
    expect(end.stdout.split('\n').filter((line) => line !== '' && !line.startsWith('{'))).toEqual([])
    expect(end.stderr).toMatch(/^error: [^\n]+\n$/)
    expect(end.stderr).not.toMatch(/\n\s+at /)
    expect(end.status).not.toBe(0)
    return end.stderr
  }

  test('no Redis', async () => {
    const end = await sentence(['queues', '--name', 'shop', '--timeout', '300ms'], { env: { MILLRACE_BROKER: '' } })
    expect(end).toMatch(/redis:\/\/127\.0\.0\.1:6379 unavailable.*millrace dev brings one along\.$/m)
  })

  test.each([
    ['http://127.0.0.1:6379', /expected a URL that starts with redis:\/\//],
    ['127.0.0.1:6379', /such as redis:\/\/127\.0\.0\.1:6379/],
    ['redis://nowhere.invalid:6379', /Broker at redis:\/\/nowhere\.invalid:6379 unavailable.*check that it runs/],
  ])('wrong URL: %s', async (url, says) => {
    expect(await sentence(['queues', '--name', 'shop', '--timeout', '500ms', '--broker', url])).toMatch(says)
  })

  test('wrong URL: something else listens there', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    const { port } = server.address() as AddressInfo
    const end = await sentence(['queues', '--name', 'shop', '--timeout', '500ms'], {
      env: { MILLRACE_BROKER: `redis://127.0.0.1:${port}` },
    })
    expect(end).toMatch(/Broker at redis:\/\/127\.0\.0\.1:\d+ unavailable/)
    server.close()
  })

  test('task not registered', async () => {
    expect(await sentence(['enqueue', 'math.ad', '{}'])).toMatch(
      /No task named "math\.ad" is in the app module\. Did you mean "math\.add"\? It defines math\.add, promise\.forget\./,
    )
  })

  test('module that throws', async () => {
    expect(await sentence(['worker', '--app', 'throws.ts'])).toMatch(
      /App module \.\/throws\.ts does not load: RangeError: no settings \(at .*throws\.ts:1:7\)\./,
    )
  })

  test('typo in an option, of the command and of a task', async () => {
    expect(await sentence(['worker', '--concurency', '3'])).toMatch(/Did you mean "--concurrency"\?/)
    expect(await sentence(['worker', '--app', 'typo.ts'])).toMatch(/math\.add\.retrys.*did you mean "?retry/i)
  })

  test('port taken', async () => {
    expect(await sentence(['worker', '--health-port', String(redis.port)])).toMatch(
      /^error: \d+ is taken: give another --health-port/,
    )
  })

  test('wrong Node', async () => {
    const preload = "Object.defineProperty(process,'versions',{value:{...process.versions,node:'20.20.2'}})"
    const env = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(preload)}` }
    expect(await sentence(['queues'], { env })).toMatch(/^error: Node 20\.20\.2 is not supported\. Install Node 22/)
  })

  test.each([
    [
      'decorated.mjs',
      /\.\/decorated\.mjs:5 has decorators, which Node itself does not read: write that file in TypeScript/,
    ],
    ['legacy/tasks.ts', /experimentalDecorators/],
  ])('decorators that the loader does not support: %s', async (file, says) => {
    const args = ['worker', '--app', file.replace('legacy/', '')]
    const cwd = file.startsWith('legacy/') ? `${project.path}/legacy` : project.path
    expect(await sentence(args, { cwd })).toMatch(says)
  })

  test('two apps with one name and different layouts', async () => {
    expect((await runCli(['enqueue', 'math.add', '{"x":1,"y":2}'], env())).status).toBe(0)
    const admin = new Redis(redis.url)
    const [meta = ''] = await admin.keys('*shop/default/0*meta')
    await admin.hset(meta, 'layout', '0')
    try {
      const says = /has layout 0, this release reads layout 2: run one release everywhere, or drain the queues/
      expect(await sentence(['enqueue', 'math.add', '{"x":1,"y":2}'])).toMatch(says)
      expect(await sentence(['worker', '--timeout', '5s'])).toMatch(says)
      expect(await sentence(['worker', '--processes', '2', '--timeout', '5s'])).toMatch(says)
      const doctor = await runCli(['doctor'], env())
      expect(doctor.stdout).toMatch(/^ERROR +layout: lane default\/0 has layout 0.*\n +fix: run one release everywhere/)
      expect(doctor.status).toBe(1)
    } finally {
      await admin.hset(meta, 'layout', '2')
      admin.disconnect()
    }
  }, 60_000)

  test('await forgotten: on the app, and in a handler', async () => {
    expect(await sentence(['worker', '--app', 'promise.ts'])).toMatch(/exports a promise as "app": await it there/)
    const worker = new CliProcess(['worker'], { cwd: project.path, env: { MILLRACE_BROKER: redis.url } })
    try {
      await worker.printed('worker running')
      await runCli(['enqueue', 'promise.forget'], env())
      await until('its end', () => worker.stderr !== '')
      const end = await worker.ended
      expect(end.stderr).toMatch(
        /^error: A promise was rejected that nobody awaited: RangeError: nobody listens \(at .*tasks\.ts:\d+:\d+\); await it where it is made, or catch it there\.\n$/,
      )
      expect(end.status).toBe(1)
    } finally {
      await worker.kill()
    }
  })

  const env = () => ({ cwd: project.path, env: { MILLRACE_BROKER: redis.url } })
})
