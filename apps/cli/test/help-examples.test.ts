import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Logger } from '@millrace/core'
import { type RedisServer, startRedisServer } from '@millrace/embedded'
import { Redis } from 'ioredis'
import { type App, createApp } from 'millrace'
import { type AppWorker, createWorker } from 'millrace/worker'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { COMMANDS } from '../src/command-table.js'
import { type CliOptions, CliProcess } from './cli-process.js'
import { millraceOnPath } from './millrace-on-path.js'
import { ProjectFolder } from './project-folder.js'
import { until } from './until.js'

const MODULE = `import { createApp } from 'millrace'
export const app = createApp({ name: 'shop' })
app.task('math.add', { results: { keep: '1h' } }, ({ x, y }) => x + y)
for (const name of ['mail.send', 'mail.welcome']) app.task(name, { queue: 'mail' }, () => undefined)
for (const name of ['report', 'report.build']) app.task(name, () => undefined)
app.task('critical.page', { queue: 'critical' }, () => undefined)
`
const silent = () => undefined
const SILENT: Logger = {
  trace: silent,
  debug: silent,
  info: silent,
  warn: silent,
  error: silent,
  fatal: silent,
  child: () => SILENT,
}
/** The ports of the examples may be taken on this machine. */
const onFreePort = (line: string) =>
  line
    .replace('--health-port 8080', '--health-port 127.0.0.1:0')
    .replace(/^(dashboard.*?)(?: --port \d+)?$/, '$1 --port 0')
const ENDLESS: Readonly<Record<string, string>> = {
  dev: 'ready      app shop',
  worker: 'worker running',
  dispatcher: 'dispatcher campaigns',
  dashboard: 'Dashboard of app shop: http://127.0.0.1:',
}
const NEEDS_WORKER = ['quiet', 'unquiet', 'resize', 'stop', 'ping', 'workers']

const examples = (
  await Promise.all(
    Object.entries(COMMANDS).map(async ([name, { load }]) =>
      (await load()).examples.map(([line]) => [name, line] as const),
    ),
  )
).flat()

describe.skipIf(process.env['MILLRACE_TEST_REDIS'] === 'none')('each example of the help, copied, works', () => {
  let redis: RedisServer
  let project: ProjectFolder
  let bin: ReturnType<typeof millraceOnPath>
  let empty: string
  let admin: Redis
  let app: App
  let worker: AppWorker | undefined

  beforeAll(async () => {
    redis = await startRedisServer()
    bin = millraceOnPath()
    empty = mkdtempSync(join(tmpdir(), 'millrace-empty-'))
    project = new ProjectFolder({
      'tasks.ts': MODULE,
      'src/worker.ts': "export * from '../tasks.ts'\n",
      'input.json': '{}\n',
    })
    admin = new Redis(redis.url)
  })
  beforeEach(async () => {
    // Ids of the user's own are remembered for a day.
    await admin.flushall()
    app = createApp({ name: 'shop', broker: redis.url, logger: SILENT })
    app.task<{ x: number; y: number }, number>('math.add', { results: { keep: '1h' } }, ({ x, y }) => x + y)
    app.task('mail.send', { queue: 'mail' }, () => undefined)
    app.task('report', () => undefined)
    app.task('mail.fail', { queue: 'mail', retry: { attempts: 1 } }, () => {
      throw new Error('no luck')
    })
    await app.taskNamed('mail.send')?.enqueue(undefined)
  })
  afterEach(async () => {
    await worker?.stop({ grace: 0 })
    worker = undefined
    await app.close()
  })
  afterAll(async () => {
    admin.disconnect()
    await redis.close()
    project.remove()
    bin.remove()
    rmSync(empty, { recursive: true, force: true })
  })

  const started = async (queues: string[]) => {
    worker = createWorker(app, { queues, dispatcher: false, test: { announceMs: 100 } })
    await worker.start()
    await until('its announcement', async () => (await app.monitor.workers()).some(({ id }) => id === worker?.id))
  }
  const failed = async (id: string) => {
    const job = await app.taskNamed('mail.fail')?.enqueue(undefined, { id })
    await started(['mail'])
    await until(`${id} to fail`, async () => (await job?.state()) === 'failed')
    await worker?.stop()
  }

  /** What the line speaks of has to be there. */
  async function prepare(name: string, line: string): Promise<void> {
    const id = /order-42|JLz3oG0E-k1fV3qnsTkA--/.exec(line)?.[0]
    if (NEEDS_WORKER.includes(name)) return started(['other'])
    if (line.includes('--wait')) return started(['default'])
    if (name === 'retry' || name === 'discard') return failed(id ?? 'broken-1')
    if (name === 'schedules' && !line.includes(' add ')) {
      const call = app.taskNamed('report')?.with(undefined)
      const { schedules } = app.control
      await schedules.add('nightly', { cron: '0 3 * * *' }, call as Parameters<typeof schedules.add>[2])
      if (line.includes('resume')) await schedules.pause('nightly')
    }
    if (name === 'fsck') await app.control.pause('mail')
    if (id !== undefined) {
      await app.taskNamed('mail.send')?.enqueue(undefined, { id, delay: '1h' })
    }
  }

  test.each(examples)('%s: millrace %s', async (name, line) => {
    await prepare(name, line)
    const env = { MILLRACE_BROKER: redis.url, PATH: bin.path, HOME: empty }
    const cwd = name === 'init' ? mkdtempSync(join(empty, 'init-')) : project.path
    const ready = ENDLESS[name]
    const end = ready === undefined ? inShell(line, { cwd, env }) : untilReady(line, ready, { cwd, env })
    expect(await end).toEqual([0, ''])
  })
})

type End = readonly [status: unknown, stderr: string]

/** Exactly as copied. */
function inShell(line: string, { cwd, env }: CliOptions): Promise<End> {
  return new Promise((resolve) => {
    const options = { cwd, env: { ...process.env, ...env }, timeout: 15_000 }
    const shell = execFile('sh', ['-c', `millrace ${line}`], options, (error, _stdout, stderr) =>
      resolve([error?.code ?? error?.signal ?? 0, stderr]),
    )
    shell.stdin?.end()
  })
}

/** Those that run until they are stopped: once they work, Ctrl-C. */
async function untilReady(line: string, ready: string, options: CliOptions): Promise<End> {
  const started = new CliProcess(onFreePort(line).split(' '), options)
  try {
    await started.printed(ready)
    started.signal('SIGINT')
    const { status, stderr } = await started.ended
    return [status, stderr]
  } finally {
    await started.kill()
  }
}
