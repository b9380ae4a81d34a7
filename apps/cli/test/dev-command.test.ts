import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { findRedisServer } from '@millrace/embedded'
import { createApp } from 'millrace'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { CliProcess, runCli } from './cli-process.js'
import { ProjectFolder } from './project-folder.js'
import { until } from './until.js'

const tasks = (answer: string) => `
import { existsSync } from 'node:fs'
import { createApp } from 'millrace'
import { answer } from './answer.ts'
export const app = createApp({ name: 'try' })
export const tell = app.task<unknown, string>('tell', { output: undefined, results: { keep: '1h' } }, () => answer)
export const hold = app.task<{ file: string }, string>('hold', { results: { keep: '1h' } }, async ({ file }) => {
  while (!existsSync(file)) await new Promise((resolve) => setTimeout(resolve, 10))
  return '${answer}'
})
export const fail = app.task('fail', { retry: { attempts: 2, backoff: { kind: 'fixed', delay: '10ms' } } }, () => {
  throw new TypeError('no luck')
})
export const exit = app.task('exit', { maxCrashes: 1 }, () => process.exit(7))
`
const answerOf = (text: string) => `export const answer = '${text}'\n`

describe.skipIf(findRedisServer() === undefined)('millrace dev', () => {
  let project: ProjectFolder
  const running: CliProcess[] = []
  beforeEach(() => {
    project = new ProjectFolder({ 'tasks.ts': tasks('first'), 'answer.ts': answerOf('one') })
  })
  afterEach(async () => {
    for (const one of running.splice(0)) await one.kill()
    project.remove()
  })

  const dev = async (...args: string[]) => {
    const started = new CliProcess(['dev', ...args], { cwd: project.path })
    running.push(started)
    await started.printed('ready      app try')
    return started
  }
  const cli = (...args: string[]) => runCli(args, { cwd: project.path })
  const address = () => join(project.path, '.millrace', 'broker')
  const enqueue = async (...args: string[]) => (await cli('enqueue', ...args)).stdout.trim()
  const brokerUrl = () => readFileSync(address(), 'utf8').split('\n')[0] as string
  const brokerPid = () => Number(readFileSync(address(), 'utf8').split('\n')[1])
  const clean = async (process: CliProcess) => {
    process.signal('SIGINT')
    expect(await process.ended).toMatchObject({ status: 0, stderr: '' })
    expect(existsSync(address())).toBe(false)
  }

  test('brings a Redis along, which a second terminal finds, and tells what happens to jobs', async () => {
    const process = await dev()
    expect(process.stdout).toMatch(/^Redis: private .*redis-server on 127\.0\.0\.1:\d+, data in \.millrace\/redis/)
    await process.printed('dashboard  http://127.0.0.1:')
    const dashboard = /dashboard {2}(http:\S+)/.exec(process.stdout)?.[1] as string
    expect((await fetch(`${dashboard}api/v1/queues`)).status).toBe(200)
    expect(brokerPid()).toBe(process.pid)
    expect(statSync(address()).mode & 0o777).toBe(0o600)
    expect(await cli('enqueue', 'tell', '--wait', '--timeout', '30s')).toMatchObject({ stdout: '"one"\n', status: 0 })
    const id = await enqueue('fail')
    await process.printed(`failed     fail ${id} at attempt 2: TypeError: no luck`)
    expect(process.stdout).toMatch(/succeeded {2}tell \S+ \d+ms/)
    expect(process.stdout).toMatch(new RegExp(`retry      fail ${id} 2 of 2 in 10ms: TypeError: no luck`))
    expect(JSON.parse((await cli('leader', '--json')).stdout)).toMatchObject({ pid: process.pid })
    await clean(process)
  })

  test('a change starts the new code when what runs has finished', async () => {
    const process = await dev()
    const file = join(project.path, 'go')
    const id = await enqueue('hold', JSON.stringify({ file }))
    await process.printed(`started    hold ${id}`)
    project.write('answer.ts', answerOf('two'))
    await process.printed('./answer.ts changed')
    await process.printed('what runs finishes, then')
    project.write('answer.ts', answerOf('three'))
    await until('the second change', () => process.stdout.split('./answer.ts changed').length === 3)
    writeFileSync(file, '')
    await process.printed(`succeeded  hold ${id}`)
    const told = await cli('enqueue', 'tell', '--wait', '--timeout', '30s')
    expect(told.stdout).toBe('"three"\n')
    expect(JSON.parse((await cli('job', id, '--json')).stdout)).toMatchObject({
      state: 'succeeded',
      result: { output: 'first' },
      crashes: 0,
    })
    // One swap for both changes.
    expect(process.stdout.split('ready      app try')).toHaveLength(3)
    await clean(process)
  })

  test('code that does not load leaves the version before it running', async () => {
    const process = await dev()
    project.write('answer.ts', 'export const answer = (\n')
    await process.printed('the version before it goes on; waiting for a change')
    expect(process.stdout).toMatch(/refused {4}App module \.\/tasks\.ts does not load: .*answer\.ts/)
    const app = createApp({ name: 'try', broker: brokerUrl() })
    const job = await app.define('tell', { results: { keep: '1h' } }).enqueue(undefined)
    expect(await job.result({ timeout: '30s' })).toBe('one')
    await app.close()
    project.write('answer.ts', answerOf('two'))
    await until('the next version', () => process.stdout.split('ready      app try').length === 3)
    expect((await cli('enqueue', 'tell', '--wait', '--timeout', '30s')).stdout).toBe('"two"\n')
    await clean(process)
  })

  test('waits for a module that does not load at first, and stops all the same', async () => {
    project.write('tasks.ts', "import './nothing.ts'\n")
    const process = new CliProcess(['dev'], { cwd: project.path })
    running.push(process)
    await process.printed('waiting for a change')
    expect(process.stdout).toMatch(/refused {4}App module .*nothing\.ts/)
    project.write('nothing.ts', `${tasks('late')}`)
    await process.printed('exports no app')
    project.write('tasks.ts', "export * from './nothing.ts'\n")
    await process.printed('ready      app try')
    await clean(process)
  })

  test('a handler that ends its process ends one worker process, not dev', async () => {
    const process = await dev()
    await cli('enqueue', 'exit')
    await process.printed('the worker process ended with status 7; it starts again in 1s')
    await until('the next worker', () => process.stdout.split('ready      app try').length === 3)
    expect((await cli('enqueue', 'tell', '--wait', '--timeout', '15s')).stdout).toBe('"one"\n')
    await clean(process)
  })

  test('a second Ctrl-C puts what runs back', async () => {
    const process = await dev()
    const id = await enqueue('hold', JSON.stringify({ file: join(project.path, 'never') }))
    await process.printed(`started    hold ${id}`)
    process.signal('SIGINT')
    await process.printed('what runs may finish')
    process.signal('SIGINT')
    expect(await process.ended).toMatchObject({ status: 0 })
    const again = await dev()
    await again.printed(`started    hold ${id}`)
  })

  test.each([
    ['at once', undefined],
    ['while its Redis is there and the module loads', 'Redis: private'],
  ])('Ctrl-C leaves nothing behind: %s', async (_, printed) => {
    const process = new CliProcess(['dev'], { cwd: project.path })
    running.push(process)
    if (printed !== undefined) await process.printed(printed)
    process.signal('SIGINT')
    // Its pipes close when the last process that holds them has ended.
    await process.ended
    const left = existsSync(join(project.path, '.millrace')) ? readdirSync(join(project.path, '.millrace')) : []
    expect(left.filter((name) => name.startsWith('broker'))).toEqual([])
    await clean(await dev())
  })

  test('a second dev in the folder is refused; the file of one that was killed counts for nothing', async () => {
    const first = await dev()
    const second = await runCli(['dev'], { cwd: project.path })
    expect(second).toMatchObject({ status: 1, stdout: '' })
    expect(second.stderr).toMatch(/^error: No Redis for development: the data folder .* is in use by process \d+: stop/)
    await first.kill()
    expect(existsSync(address())).toBe(true)
    const end = await cli('queues', '--timeout', '300ms', '--name', 'try')
    expect(end.stderr).toContain('redis://127.0.0.1:6379')
    await clean(await dev())
  })

  test('without a module there is nothing to run', async () => {
    const end = await runCli(['dev', '--app', 'nowhere.ts'], { cwd: project.path })
    expect(end).toMatchObject({ status: 1, stdout: '' })
    expect(end.stderr).toMatch(/^error: App module \.\/nowhere\.ts \(--app\) not found/)
    expect(existsSync(join(project.path, '.millrace'))).toBe(false)
  })
})
