import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { type RedisServer, startRedisServer } from '@millrace/embedded'
import { type App, createApp } from 'millrace'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parseTokens } from '../src/auth/api-tokens.js'
import { parseUsers } from '../src/auth/users.js'
import { serveDashboard } from '../src/serve-dashboard.js'
import { play } from './stage.js'

let redis: RedisServer
let app: App

beforeAll(async () => {
  redis = await startRedisServer()
  app = createApp({ name: 'served', broker: redis.url })
})
afterAll(async () => {
  await app.close()
  await redis.close()
})

const CREDENTIAL = fileURLToPath(new URL('../bin/millrace-dashboard-credential.js', import.meta.url))
const credential = (args: readonly string[], input = '') =>
  spawnSync(process.execPath, [CREDENTIAL, ...args], { input, encoding: 'utf8' })

test('on loopback without login: pages, API and events over a socket, on a real Redis', async () => {
  await play(app, [
    { id: 'f1', how: 'fail', message: 'no such user 7' },
    { id: 'r1', how: 'retry', message: 'closed' },
    { id: 's1', how: 'succeed' },
  ])
  await using served = await serveDashboard({ app, port: 0, everyMs: 100 })
  const api = `${served.url}api/v1`
  const read = async (path: string) => (await fetch(api + path)).json()
  expect(await (await fetch(served.url)).text()).toContain('<title>')
  expect(await read('/queues')).toMatchObject({ queues: [{ queue: 'plays', due: 1, failed: 1 }] })
  expect(await read('/retries')).toMatchObject({ groups: [{ task: 'act', count: 1 }], complete: true })
  expect(await read('/jobs?q=error:%22no%20such%22')).toMatchObject({ jobs: [{ id: 'f1', attemptsMax: 4 }] })
  const overview = (await read('/overview')) as { series: { failed: number[] } }
  expect(overview.series.failed.reduce((sum, each) => sum + each, 0)).toBe(1)
  const events = await fetch(`${api}/events`)
  const reader = events.body?.getReader()
  const first = Buffer.from((await reader?.read())?.value ?? []).toString()
  expect(first).toMatch(/^event: hello\n/)
  const headers = { 'content-type': 'application/json', 'sec-fetch-site': 'same-origin' }
  const body = JSON.stringify({ action: 'retry' })
  const answer = await fetch(`${api}/jobs/f1/actions`, { method: 'POST', headers, body })
  expect(await answer.json()).toMatchObject({ done: true })
  let said = ''
  while (!said.includes('"audit"')) said += Buffer.from((await reader?.read())?.value ?? []).toString()
  await reader?.cancel()
})

test('the audit log and the series outlive the dashboard', async () => {
  await using served = await serveDashboard({ app, port: 0 })
  const read = async (path: string) => (await fetch(`${served.url}api/v1${path}`)).json()
  expect(await read('/audit')).toMatchObject({
    entries: [{ who: 'local', action: 'job.retry', on: 'job plays/f1', from: '127.0.0.1', outcome: 'done' }],
  })
})

describe('start', () => {
  test('beyond loopback it is refused without credentials', async () => {
    for (const host of ['0.0.0.0', '::', '192.168.0.1']) {
      await expect(serveDashboard({ app, port: 0, host })).rejects.toMatchObject({ code: 'INVALID_OPTION' })
    }
  })

  test('a port that is taken is told as it is', async () => {
    await using served = await serveDashboard({ app, port: 0 })
    await expect(serveDashboard({ app, port: served.port })).rejects.toMatchObject({ code: 'EADDRINUSE' })
  })

  test('closing ends open streams, and can be repeated', async () => {
    const served = await serveDashboard({ app, port: 0 })
    const events = await fetch(`${served.url}api/v1/events`)
    const ended = events.text().catch(() => 'cut')
    await Promise.all([served.close(), served.close()])
    expect(typeof (await ended)).toBe('string')
    await expect(fetch(served.url)).rejects.toThrow('fetch failed')
  })
})

describe('credentials', () => {
  test('a user, from a password on standard input', () => {
    const { stdout } = credential(['user', 'ada', 'operator'], 'correct horse battery\n')
    expect(parseUsers(stdout, 'users')).toMatchObject([{ name: 'ada', role: 'operator' }])
    expect(stdout).not.toContain('horse')
  })
  test('a token, shown once and stored as its hash', () => {
    const { stdout, stderr } = credential(['token', 'deploy', 'queue.pause,queue.resume'])
    expect(parseTokens(stdout, 'tokens')).toMatchObject([{ name: 'deploy', scope: ['queue.pause', 'queue.resume'] }])
    expect(stderr).toMatch(/mrt_[\w-]{43}\n$/)
    expect(stdout).not.toContain('mrt_')
  })
  test.each([
    [['user', 'ada', 'root'], 'x'.repeat(20)],
    [['user', 'ada', 'admin'], 'short'],
    [['token', 'deploy', 'anything'], ''],
    [['user', 'a:b', 'admin'], 'x'.repeat(20)],
    [[], ''],
  ])('%o is refused', (args, input) => {
    const { status, stdout } = credential(args, input)
    expect([status, stdout]).toEqual([2, ''])
  })
})

test.each([Number.NaN, -1, 65_536, 1.5])('port %d is refused before anything listens', async (port) => {
  await expect(serveDashboard({ app, port })).rejects.toMatchObject({ code: 'INVALID_OPTION', option: 'port' })
})
