import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { findRedisServer, type RedisServer, startRedisServer } from '@millrace/embedded'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'

const MAIN = fileURLToPath(new URL('../dist/main.js', import.meta.url))
const DOCUMENTS = 60
/** A whole run on a busy machine, ms. */
const PATIENCE_MS = 120_000

let folder: string
const children: ChildProcess[] = []

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'millrace-demo-'))
  const corpus = join(folder, 'corpus')
  mkdirSync(corpus)
  for (let at = 0; at < DOCUMENTS; at++) {
    writeFileSync(
      join(corpus, `${at}.md`),
      `# Document ${at}\n\nIt speaks of ${at % 7 === 0 ? 'otters' : 'beavers'}.\n`,
    )
  }
  writeFileSync(join(corpus, 'LICENSE'), 'Otters, and otters only, may copy this.\n')
  writeFileSync(join(corpus, 'broken.md'), Buffer.from([0xff, 0xfe, 0x41]))
})

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
})

afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

interface Run {
  readonly child: ChildProcess
  readonly home: string
  output(): string
  /** Exit code, or the signal that ended it. */
  readonly ended: Promise<number | string | null>
}

let homes = 0

function start(args: readonly string[], env: NodeJS.ProcessEnv): Run {
  const home = join(folder, `home-${homes++}`)
  const child = spawn(process.execPath, [MAIN, ...args, '--home', home], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  children.push(child)
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output += text))
  const ended = new Promise<number | string | null>((resolve) =>
    child.once('close', (code, signal) => resolve(code ?? signal)),
  )
  return { child, home, output: () => output, ended }
}

async function until(what: string, holds: () => boolean): Promise<void> {
  const deadline = Date.now() + 60_000
  while (!holds()) {
    if (Date.now() > deadline) throw new Error(`waited 60 s for: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

function workerPids(output: string): number[] {
  const [, pids = ''] = /worker process(?:es)? apart from this one: ([\d, ]+)/.exec(output) ?? []
  const fresh = /worker (\d+) was started in its place/.exec(output)?.[1]
  return [...pids.split(', '), ...(fresh === undefined ? [] : [fresh])].filter(Boolean).map(Number)
}

async function expectWholeRun(run: Run, redis: string): Promise<void> {
  expect({ status: await run.ended, output: run.output() }).toMatchObject({ status: 0 })
  const summary = JSON.parse(run.output().trim().split('\n').at(-1) ?? '') as Record<string, never>
  expect(summary).toMatchObject({
    equal: true,
    difference: null,
    redis,
    documents: { found: DOCUMENTS + 2 + 3, indexed: DOCUMENTS + 1 + 3, skipped: { 'bad-encoding': 1 } },
    jobs: DOCUMENTS + 2 + 3 + 6 + 2,
    crash: { killed: expect.any(Number), recovered: expect.any(Number) },
    hits: [{ doc: 'LICENSE', snippet: 'Otters, and otters only, may copy this.' }, {}],
  })
  const { crash, failures, retries, checksum } = summary as unknown as {
    crash: { recovered: number }
    failures: { doc: string; reason: string; attempts: number }[]
    retries: number
    checksum: string
  }
  expect(crash.recovered).toBeGreaterThan(0)
  expect(retries).toBeGreaterThanOrEqual(3 + 2)
  expect(checksum).toMatch(/^[0-9a-f]{64}$/)
  expect(failures.map(({ reason, attempts }) => `${reason.split(':')[0]} ${attempts}`).sort()).toEqual([
    'bad-encoding 1',
    'empty 1',
    'missing 3',
    'not-a-file 1',
    'too-large 1',
    'unreadable 1',
  ])
  expect(run.output()).toContain('was killed with SIGKILL at')
  expect(workerPids(run.output()).filter(isAlive)).toEqual([])
  expect(readdirSync(join(run.home, 'demo')).filter((name) => name.startsWith('run-'))).toEqual([])
  const index = JSON.parse(readFileSync(join(run.home, 'demo', 'index.json'), 'utf8')) as { documents: unknown[] }
  expect(index.documents).toHaveLength(DOCUMENTS + 1 + 3)
}

describe.skipIf(findRedisServer() === undefined)('on a Redis that is given', () => {
  let redis: RedisServer

  beforeAll(async () => {
    redis = await startRedisServer()
  })

  afterAll(async () => {
    await redis?.close()
  })

  const args = () => [join(folder, 'corpus'), '--query', 'otters', '--json']

  test(
    'the index comes out equal, twice in a row',
    async () => {
      await expectWholeRun(start(args(), { MILLRACE_BROKER: redis.url }), 'given')
      await expectWholeRun(start([...args(), '--workers', '1'], { MILLRACE_BROKER: redis.url }), 'given')
    },
    PATIENCE_MS * 2,
  )

  test(
    'a demo that is interrupted, and one that is killed, leave no process; the next one is clean',
    async () => {
      const interrupted = start(args(), { MILLRACE_BROKER: redis.url })
      await until('the kill of a worker', () => interrupted.output().includes('was started in its place'))
      interrupted.child.kill('SIGTERM')
      expect(await interrupted.ended).toBe(143)
      expect(workerPids(interrupted.output()).filter(isAlive)).toEqual([])
      expect(readdirSync(join(interrupted.home, 'demo'))).toEqual([])

      const killed = start(args(), { MILLRACE_BROKER: redis.url })
      await until('the kill of a worker', () => killed.output().includes('was started in its place'))
      killed.child.kill('SIGKILL')
      await killed.ended
      const pids = workerPids(killed.output())
      expect(pids.length).toBe(3)
      await until('the end of the workers', () => !pids.some(isAlive))

      await expectWholeRun(start(args(), { MILLRACE_BROKER: redis.url }), 'given')
    },
    PATIENCE_MS * 2,
  )

  test(
    'a second demo beside it is refused',
    async () => {
      const first = start(args(), { MILLRACE_BROKER: redis.url })
      await until('workers', () => first.output().includes('scan:'))
      // It must not be over before the second one looks.
      first.child.kill('SIGSTOP')
      const second = start(args(), { MILLRACE_BROKER: redis.url })
      expect(await second.ended).toBe(1)
      first.child.kill('SIGCONT')
      expect(second.output()).toMatch(/another demo uses this Redis \(its worker is process \d+ on /)
      expect({ status: await first.ended, output: first.output() }).toMatchObject({ status: 0 })
    },
    PATIENCE_MS,
  )
})

test(
  'the index comes out equal on the embedded Redis, where PATH has no other',
  async () => {
    const run = start([join(folder, 'corpus'), '--query', 'otters', '--json'], { MILLRACE_BROKER: '', PATH: '' })
    await expectWholeRun(run, 'embedded')
  },
  PATIENCE_MS,
)

test('wrong arguments end with 2, a folder that is not there or has no document with 1, each with one sentence', async () => {
  const empty = join(folder, 'empty')
  mkdirSync(empty)
  const cases = [
    [['--workers', 'x'], 2, '--workers is "x"'],
    [[join(folder, 'nowhere')], 1, 'there is no folder'],
    [[MAIN], 1, 'is no folder'],
    [[empty], 1, 'there is no document'],
    [['--help'], 0, 'examples:'],
  ] as const
  for (const [args, status, text] of cases) {
    const run = start(args, { MILLRACE_BROKER: '' })
    expect({ status: await run.ended, output: run.output() }).toMatchObject({ status: status })
    expect(run.output()).toContain(text)
    expect(existsSync(join(run.home, 'demo', 'index.json'))).toBe(false)
  }
})
