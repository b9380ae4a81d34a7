/**
 * What an open dashboard costs and how fast its API answers, on a private Redis with many jobs.
 *
 * usage: node --import tsx apps/dashboard/server/bench/measure-dashboard.ts [--jobs 1000000] [--queues 100] [--requests 40] [--seconds 15]
 */
import { randomBytes, scryptSync } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { type Dashboard, type DashboardUser, dashboard } from '@millrace/dashboard'
import { startRedisServer } from '@millrace/embedded'
import type { App } from 'millrace'
import { fillStore } from './fill-store.js'

const { values } = parseArgs({
  options: {
    jobs: { type: 'string', default: '1000000' },
    queues: { type: 'string', default: '100' },
    requests: { type: 'string', default: '40' },
    seconds: { type: 'string', default: '15' },
  },
})
const [jobs, queues, requests, seconds] = [values.jobs, values.queues, values.requests, values.seconds].map(Number) as [
  number,
  number,
  number,
  number,
]
const PASSWORD = 'correct horse battery staple'
/** With the cheapest hash that is allowed: fifty sign-ins are none of what is measured. */
const USER: DashboardUser = { name: 'ada', role: 'admin', passwordHash: cheapHash(PASSWORD) }
/** Of /proc/‹pid›/stat. */
const TICKS_PER_SECOND = 100

const server = await startRedisServer({ args: ['--save', ''] })
const begun = performance.now()
const app = await fillStore(server.url, { jobs, queues })
console.log(`${jobs} jobs in ${queues} queues, filled in ${((performance.now() - begun) / 1000).toFixed(0)} s`)
await measureAnswers(app)
await measureCost(app)
await app.close()
await server.close()

/** Every answer read anew: the clock jumps past what is kept between two requests. */
async function measureAnswers(app: App): Promise<void> {
  let shift = 0
  const clock = { now: () => Date.now(), monotonic: () => performance.now() + shift }
  const board = dashboard(app, { login: 'none', clock })
  const page = await (await ask(board, '/jobs?q=state:failed&limit=1')).json()
  const { id, fingerprint } = (page as { jobs: { id: string; fingerprint: string }[] }).jobs[0] as {
    id: string
    fingerprint: string
  }
  const query = (line: string) => `/jobs?q=${encodeURIComponent(line)}`
  const paths = [
    '/overview',
    '/overview?range=6h',
    '/overview?range=24h',
    '/overview?range=7d',
    '/overview?range=90d',
    '/queues',
    '/retries',
    '/failed',
    query(''),
    query('state:ready task:task-7.*'),
    query('error:"no such user"'),
    query(`fingerprint:${fingerprint}`),
    query('task:nothing-has-this-name'),
    `/jobs/${id}`,
    '/workers',
    '/leader',
    '/schedules',
    '/audit',
    '/completions',
  ]
  console.log('\nAPI answers, each read anew, ms\n')
  console.log('path                                               p50     p95     max')
  for (const path of paths) {
    const times: number[] = []
    for (let i = 0; i < requests; i++) {
      shift += 600_000
      const started = performance.now()
      const response = await ask(board, path)
      await response.arrayBuffer()
      times.push(performance.now() - started)
      if (!response.ok) throw new Error(`${path}: ${response.status}`)
    }
    times.sort((a, b) => a - b)
    const at = (share: number) =>
      (times[Math.min(times.length - 1, Math.ceil(times.length * share) - 1)] ?? 0).toFixed(1).padStart(7)
    console.log(`${decodeURIComponent(path).padEnd(46)} ${at(0.5)} ${at(0.95)} ${at(1)}`)
  }
  await board.close()
}

/** Redis's processor time while jobs arrive, without a dashboard, with one viewer, with fifty; each has signed in. */
async function measureCost(app: App): Promise<void> {
  console.log('\nRedis processor time while 20 jobs/s arrive, % of one core\n')
  for (const viewers of [0, 1, 50]) {
    let address = 0
    const board = dashboard(app, { users: [USER], clientAddress: () => `10.0.0.${address++}` })
    const stops: (() => Promise<void>)[] = []
    for (let viewer = 0; viewer < viewers; viewer++) stops.push(await view(board, await signIn(board)))
    await wait(3_000)
    const before = cpuSeconds()
    const started = performance.now()
    while (performance.now() - started < seconds * 1_000) {
      await app
        .define(`arriving-${viewers}-${Math.round(performance.now())}`, { queue: 'queue-000' })
        .enqueue({ a: 1 } as never)
      await wait(50)
    }
    const share = ((cpuSeconds() - before) / ((performance.now() - started) / 1_000)) * 100
    console.log(`${String(viewers).padStart(3)} viewers: ${share.toFixed(2)} %`)
    for (const stop of stops) await stop()
    await board.close()
  }
}

/** What an open overview does: watches, and asks again for what may read differently. */
async function view(board: Dashboard, cookie: string): Promise<() => Promise<void>> {
  const response = await ask(board, '/events', { headers: { cookie } })
  const reader = (response.body as ReadableStream<Uint8Array>).getReader()
  const ended = (async () => {
    for (;;) {
      const { value, done } = await reader.read()
      if (done) return
      if (!Buffer.from(value).includes('event: live')) continue
      await Promise.all(
        ['/overview', '/queues', '/retries'].map(async (path) =>
          (await ask(board, path, { headers: { cookie } })).arrayBuffer(),
        ),
      )
    }
  })()
  return async () => {
    await reader.cancel()
    await ended
  }
}

async function signIn(board: Dashboard): Promise<string> {
  const headers = { 'content-type': 'application/json', 'sec-fetch-site': 'same-origin' }
  const body = JSON.stringify({ name: USER.name, password: PASSWORD })
  const response = await ask(board, '/login', { method: 'POST', headers, body })
  if (!response.ok) throw new Error(`login: ${response.status}`)
  return (response.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
}

function ask(board: Dashboard, path: string, init: RequestInit = {}): Promise<Response> {
  return board.fetch(new Request(`http://localhost/api/v1${path}`, init))
}

function cheapHash(password: string): string {
  const salt = randomBytes(16)
  const key = scryptSync(password, salt, 32, { N: 2 ** 14, r: 8, p: 1 })
  return ['scrypt', 2 ** 14, 8, 1, salt.toString('base64url'), key.toString('base64url')].join('$')
}

function cpuSeconds(): number {
  const fields = readFileSync(`/proc/${server.pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ')
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
