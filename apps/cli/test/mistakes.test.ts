import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { commandHelp } from '../src/command-line.js'
import { COMMANDS } from '../src/command-table.js'
import { runCli } from './cli-process.js'

/** Nobody listens there. */
const DEAD = 'redis://user:secret@127.0.0.1:1'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'millrace-cli-'))
  writeFileSync(join(folder, 'broken.ts'), 'export const app = (\n')
  writeFileSync(join(folder, 'missing.ts'), "import 'no-such-package'\n")
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** One line on stderr, nothing on stdout, no stack. */
async function mistake(line: string, options: { cwd?: string; stdin?: string } = {}) {
  const end = await runCli(line.split(' '), { ...options, env: { MILLRACE_BROKER: DEAD } })
  expect(end.stdout).toBe('')
  expect(end.stderr.trimEnd().split('\n')).toHaveLength(1)
  expect(end.stderr).not.toMatch(/\n\s+at /)
  expect(end.stderr).not.toContain('secret')
  return end
}

describe('the command line', () => {
  test.each([
    ['jbos', /Unknown command "jbos"\. Did you mean "jobs"\?/],
    ['jobs --qeue mail', /Unknown option "--qeue"\. Did you mean "--queue"\?/],
    ['job', /Something is missing: millrace job <id>\. See millrace job --help/],
    ['job a b', /"b" is one word too many/],
    ['job a --queue', /Not enough arguments following: queue/],
    ['job a --queue b --queue c', /--queue is given twice/],
    ['queues --timeout soon', /Invalid option --timeout: found "soon", expected a duration/],
    ['queues --broker localhost --name x', /Invalid option --broker: .* redis:\/\//],
    ['queues --broker http://localhost --name x', /expected a URL that starts with redis:\/\//],
    ['queues --name no!name', /no valid app name/],
    ['retry', /Give a job id, or --all/],
    ['retry x --all', /not both/],
    ['enqueue math.add {x', /The input is not JSON .*: quote it for the shell/],
    ['enqueue math.add {} --delay 5m --at 2030-01-01', /Give --delay or --at, not both/],
    ['enqueue math.add {} --at tomorrow', /Invalid option --at/],
    ['enqueue math.add {"x":1,"y":2} --delay soon', /Invalid option .*delay.*duration/],
    ['enqueue math.add {"x":1,"y":2} --header a', /Invalid option --header/],
    ['worker --queues a:0', /weight above 0/],
    ['worker --queues a,a', /each queue once/],
    ['worker --concurrency 0', /concurrency/],
    ['worker --processes 0', /--processes: expected a whole number from 1 to 128/],
    ['worker --health-port http', /--health-port: found "http", expected a port/],
    ['quiet', /Give worker ids \(see millrace workers\), or --all/],
    ['stop x --all', /not both/],
    ['ping x --all', /not both/],
    ['resize many --all --name shop', /size/],
    ['stats --count 3 --name shop', /--count goes with --every/],
    ['completion fish', /say bash or zsh/],
    ['worker --concurrency many', /concurrency/],
    ['worker --lease 5', /lease/],
  ])('%s: status 2', async (line, message) => {
    const end = await mistake(line)
    expect(end.stderr).toMatch(message)
    expect(end.status).toBe(2)
  })

  test('no command at all prints the help', async () => {
    const end = await runCli([])
    expect(end).toMatchObject({ status: 0, stderr: '' })
    expect(end.stdout).toContain('Commands:')
  })
})

describe('the app module', () => {
  test.each([
    ['worker --app nowhere.ts', /App module \.\/nowhere\.ts \(--app\) not found/],
    ['worker --app tasks', /not found: say \.\/tasks\.ts/],
    ['worker --app mistakes/no-app.ts', /exports no app: add "export const app = createApp/],
    ['worker --app mistakes/two-apps.ts', /exports 2 apps \(desk, shop\): name the one to use "app"/],
    ['worker --app mistakes/no-tasks.ts', /defines no task: add one/],
    ['worker --app mistakes/no-handlers.ts', /has no task with a handler \(mail\.send\)/],
    ['worker --app mistakes/throws.ts', /does not load: RangeError: no settings \(at .*throws\.ts:2:9\)/],
    ['worker --app mistakes/never-loads.ts', /never finished loading/],
    ['enqueue math.ad {} ', /No task named "math\.ad" is in the app module\. Did you mean "math\.add"\?/],
    ['enqueue math.add {"x":1,"y":"2"}', /Input of math\.add does not fit its schema: at y: /],
    ['enqueue math.add', /Input of math\.add does not fit its schema/],
    ['queues --broker memory://x', /lives in the memory of one process/],
  ])('%s: status 1', async (line, message) => {
    const end = await mistake(line.trim())
    expect(end.stderr).toMatch(message)
    expect(end.status).toBe(1)
  })

  test.each([
    ['queues --name desk --app tasks.ts', /--name has no effect: \.\/tasks\.ts sets name in createApp/],
    ['worker --prefix other', /--prefix has no effect/],
    ['queues --app mistakes/own-broker.ts --broker redis://127.0.0.1:2', /--broker has no effect/],
  ])('%s: status 2', async (line, message) => {
    const end = await mistake(line)
    expect(end.stderr).toMatch(message)
    expect(end.status).toBe(2)
  })

  test('where there is none, the places that were looked at are named', async () => {
    const end = await mistake('worker', { cwd: folder })
    expect(end.stderr).toMatch(/No app module found in .*looked for \.\/tasks\.ts, \.\/src\/tasks\.ts/)
    expect(end.status).toBe(1)
  })

  test.each([
    ['broken.ts', /App module \.\/broken\.ts does not load: .*Unexpected/],
    ['missing.ts', /App module \.\/missing\.ts does not load: .*no-such-package/],
  ])('%s that does not compile or resolve', async (file, message) => {
    const end = await mistake(`worker --app ${file}`, { cwd: folder })
    expect(end.stderr).toMatch(message)
    expect(end.status).toBe(1)
  })

  test('--debug and MILLRACE_DEBUG add the stack', async () => {
    for (const [args, env] of [
      [['--debug'], {}],
      [[], { MILLRACE_DEBUG: '1' }],
    ] as const) {
      const end = await runCli(['worker', '--app', 'mistakes/throws.ts', ...args], { env })
      expect(end.stderr).toMatch(/caused by RangeError: no settings\n\s+at connect/)
      expect(end.status).toBe(1)
    }
  })
})

describe('a broker that cannot be reached', () => {
  test.each([
    'queues --name shop',
    'jobs --name shop',
    'job x --name shop',
    'workers --name shop',
    'leader --name shop',
    'retry x --name shop',
    'pause mail --name shop',
    'ping --name shop',
    'enqueue math.add {"x":1,"y":2}',
    'worker',
  ])('%s: names the address, hides the password, status 1', async (line) => {
    const end = await runCli([...line.split(' '), '--timeout', '500ms'], { env: { MILLRACE_BROKER: DEAD } })
    expect(end.stderr).toMatch(/error: Broker at redis:\/\/\*\*\*@127\.0\.0\.1:1 unavailable/)
    expect(end.stderr + end.stdout).not.toContain('secret')
    expect(end.status).toBe(1)
  })

  test('is a finding of the doctor', async () => {
    const end = await runCli(['doctor', '--json', '--timeout', '500ms'], { env: { MILLRACE_BROKER: DEAD } })
    const health = JSON.parse(end.stdout) as { ok: boolean; findings: { level: string; code: string; fix: string }[] }
    expect(health.ok).toBe(false)
    expect(health.findings.some((finding) => finding.level === 'error' && finding.fix !== null)).toBe(true)
    expect(end.stdout).not.toContain('secret')
    expect(end.status).toBe(1)
  })
})

test('help of every command has its examples', async () => {
  const { stdout } = await runCli(['--help'])
  const names = [...stdout.matchAll(/^ {2}([a-z]+) {2,}[A-Z]/gm)].map((match) => match[1] as string)
  expect(names).toContain('doctor')
  expect(names).toEqual(Object.keys(COMMANDS))
  const one = await runCli(['jobs', '--help'])
  expect(one).toMatchObject({ status: 0, stderr: '', stdout: expect.stringContaining('Examples:') })
  for (const [name, { load }] of Object.entries(COMMANDS)) {
    const help = await commandHelp(await load())
    expect(help).toContain(`Examples:\n  millrace ${name}`)
    expect(Math.max(...help.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80)
  }
})
