import { describe, expect, test } from 'vitest'
import { createToken } from '../src/auth/api-tokens.js'
import { openStage, play } from './stage.js'

const SAME = 'http://localhost:4747'

describe('requests of other sites', () => {
  const cases: [Record<string, string | undefined>, number, number][] = [
    // headers; status of a POST; status of a GET
    [{ 'sec-fetch-site': 'same-origin' }, 404, 200],
    [{ 'sec-fetch-site': 'same-origin', origin: 'https://evil.example' }, 404, 200],
    [{ 'sec-fetch-site': 'cross-site' }, 403, 403],
    [{ 'sec-fetch-site': 'same-site' }, 403, 403],
    [{ 'sec-fetch-site': 'none' }, 403, 200],
    [{ 'sec-fetch-site': 'cross-site', origin: SAME }, 403, 403],
    [{ 'sec-fetch-site': '' }, 403, 403],
    [{ 'sec-fetch-site': undefined, origin: SAME }, 404, 200],
    [{ 'sec-fetch-site': undefined, origin: 'http://localhost:4748' }, 403, 403],
    [{ 'sec-fetch-site': undefined, origin: 'https://localhost:4747' }, 403, 403],
    [{ 'sec-fetch-site': undefined, origin: 'http://localhost:4747.evil.example' }, 403, 403],
    [{ 'sec-fetch-site': undefined, origin: 'null' }, 403, 403],
    [{ 'sec-fetch-site': undefined, origin: 'x' }, 403, 403],
    [{ 'sec-fetch-site': undefined }, 403, 200],
    [{ 'sec-fetch-site': undefined, referer: `${SAME}/` }, 403, 200],
  ]
  test.each(cases)('%o: POST %i, GET %i', async (headers, post, get) => {
    await using stage = openStage()
    expect((await stage.ask('/queues/q/pause', { body: {}, headers })).status).toBe(post)
    expect((await stage.ask('/queues', { headers })).status).toBe(get)
  })

  test('the origin is that of publicUrl, where it is given', async () => {
    const { token, stored } = createToken('t', 'admin')
    await using stage = openStage({ tokens: [stored], publicUrl: 'https://queues.example.com/board' })
    const ask = async (origin: string) =>
      (
        await stage.ask('/queues/q/pause', {
          body: {},
          headers: { 'sec-fetch-site': undefined, origin, authorization: `Bearer ${token}` },
        })
      ).status
    expect(await ask('https://queues.example.com')).toBe(404)
    expect(await ask(SAME)).toBe(403)
  })

  test('nothing is changed by a GET, and by nothing but JSON', async () => {
    await using stage = openStage()
    expect((await stage.ask('/queues/q/pause')).status).toBe(405)
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data', undefined]) {
      const response = await stage.ask('/queues/q/pause', { body: '{}', headers: { 'content-type': type } })
      expect([type, response.status]).toEqual([type, 415])
    }
  })
})

describe('without login', () => {
  test.each([
    ['http://localhost:4747', 200],
    ['http://127.0.0.1:4747', 200],
    ['http://[::1]:4747', 200],
    ['http://evil.example:4747', 403],
    ['http://localhost.evil.example:4747', 403],
    ['http://192.168.0.5:4747', 403],
    ['http://127.0.0.1.evil.example', 403],
  ])('%s is answered %i', async (origin, status) => {
    await using stage = openStage()
    expect((await stage.ask('/queues', { origin })).status).toBe(status)
    expect((await stage.ask('', { origin })).status).toBe(status)
    expect((await stage.ask('healthz', { origin })).status).toBe(200)
  })

  test('nothing is answered through a proxy', async () => {
    await using stage = openStage()
    for (const name of ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip']) {
      expect((await stage.ask('/queues', { headers: { [name]: '10.0.0.1' } })).status).toBe(403)
    }
  })
})

describe('paths', () => {
  test.each([
    '../package.json',
    '..%2fpackage.json',
    '..%2f..%2f..%2fetc%2fpasswd',
    '%2e%2e/%2e%2e/package.json',
    '..%5c..%5cpackage.json',
    '....//....//package.json',
    '/etc/passwd',
    'assets/..%2f..%2fpackage.json',
    'assets/%00.js',
    'index.html%00.js',
    '%',
    '%zz',
    '%c0%ae%c0%ae/package.json',
    'api/v1/..%2f..%2fmetrics',
    'api/v1//jobs',
    `api/v1/jobs/${'a'.repeat(5_000)}`,
  ])('%s leads to no file', async (path) => {
    await using stage = openStage()
    const response = await stage.board.fetch(new Request(`${SAME}/${path}`, { headers: { host: 'localhost:4747' } }))
    const text = await response.text()
    expect(response.status).toBeLessThan(500)
    expect(text).not.toMatch(/"name":\s*"@millrace|root:x:|"dependencies"/)
  })

  test('under a base path, and nowhere else', async () => {
    await using stage = openStage({ login: 'none', basePath: '/admin/queues/' })
    const status = async (path: string) => (await stage.board.fetch(new Request(SAME + path))).status
    expect(await status('/admin/queues/api/v1/queues')).toBe(200)
    expect(await status('/admin/queues')).toBe(200)
    expect(await status('/admin/queues/jobs')).toBe(200)
    expect(await status('/api/v1/queues')).toBe(404)
    expect(await status('/admin/queuesapi/v1/queues')).toBe(404)
  })
})

const HOSTILE = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "javascript:alert('x')",
  '</script><svg onload=alert(1)>',
  '\u2028\u2029 {{constructor.constructor("alert(1)")()}}',
  '&lt;b&gt; %3Cscript%3E',
]

const DATA = ['application/json', 'no-store']

describe('hostile texts in jobs', () => {
  test('stay data: JSON with a policy that runs nothing inline', async () => {
    await using stage = openStage()
    await play(
      stage.app,
      HOSTILE.map((message, i) => ({ id: `h${i}`, how: 'fail' as const, message, input: { message } })),
    )
    for (const path of ['/jobs', '/failed', '/jobs/h0', '/overview', '/openapi.json', '', 'nothing.js']) {
      const response = await stage.ask(path)
      const policy = response.headers.get('content-security-policy') ?? ''
      expect(policy).toContain("default-src 'none'")
      expect(policy).toContain("script-src 'self'")
      expect(policy).toContain("frame-ancestors 'none'")
      expect(policy).not.toContain('unsafe')
      expect(response.headers.get('x-content-type-options')).toBe('nosniff')
      const kind = ['content-type', 'cache-control'].map((name) => response.headers.get(name))
      expect(path.startsWith('/') ? kind : DATA).toEqual(DATA)
    }
    const { jobs } = await stage.get('jobs', '/jobs?q=state:failed')
    expect(jobs.map((job) => job.lastFailure?.message).sort()).toEqual([...HOSTILE].sort())
  })

  test('an address that asks for markup is answered with JSON or the page, never with itself', async () => {
    await using stage = openStage()
    for (const hostile of HOSTILE) {
      for (const path of [
        `/jobs/${encodeURIComponent(hostile)}`,
        `/jobs?q=${encodeURIComponent(hostile)}`,
        encodeURIComponent(hostile),
      ]) {
        const response = await stage.ask(path)
        const isPage = response.headers.get('content-type')?.includes('text/html') === true
        expect(isPage ? await response.text() : '').not.toContain('alert')
      }
    }
  })
})
