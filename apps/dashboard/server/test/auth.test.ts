import { BrokerUnavailableError } from '@millrace/core'
import { createApp } from 'millrace'
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { hashPassword } from '../src/auth/password-hash.js'
import { type DashboardUser, formatUser } from '../src/auth/users.js'
import type { Role } from '../src/contract/index.js'
import { dashboard } from '../src/dashboard.js'
import type { DashboardOptions } from '../src/options.js'
import { cookieOf, logIn, ManualClock, PASSWORD, usersOfEachRole } from './sign-in.js'
import { openStage, type Stage } from './stage.js'

let users: DashboardUser[]
beforeAll(async () => {
  users = await usersOfEachRole()
})
afterEach(() => vi.unstubAllEnvs())

describe('start', () => {
  const app = () => openStage().app
  test.each<[string, DashboardOptions]>([
    ['without credentials', {}],
    ['with nobody among the users', { users: [] }],
    ['open, with users', { login: 'none', users: [{ name: 'a', role: 'admin', passwordHash: 'x' }] }],
    ['with a password instead of its hash', { users: [{ name: 'a', role: 'admin', passwordHash: 'secret' }] }],
    ['with a role that is none', { users: [{ name: 'a', role: 'root' as Role, passwordHash: 'x' }] }],
    ['with an unknown option', { user: [] } as unknown as DashboardOptions],
    ['with a path that hides nothing', { login: 'none', redact: { '*': ['inptu.x'] } }],
  ])('refused %s', (_, options) => {
    expect(() => dashboard(app(), options)).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }))
  })

  test('an error about users shows no hash', () => {
    const stored = { name: 'a', role: 'admin' as const, passwordHash: 'scrypt$bad$SECRET' }
    expect(() => dashboard(app(), { users: [stored] })).toThrow(expect.not.stringContaining('SECRET'))
  })

  test('users from the environment', async () => {
    vi.stubEnv('MILLRACE_DASHBOARD_USERS', `# people\n${users.map(formatUser).join('\n')}`)
    await using stage = openStage({})
    expect((await logIn(stage, 'viewer')).status).toBe(200)
  })
})

describe('sessions', () => {
  test('nothing is told before the login', async () => {
    await using stage = openStage({ users })
    expect(await stage.get('session', '/session')).toEqual({ app: null, me: null, login: 'password', version: null })
    for (const path of ['/me', '/jobs', '/events', '/openapi.json', 'metrics']) {
      expect([path, (await stage.ask(path)).status]).toEqual([path, 401])
    }
  })

  test('the cookie cannot be read by scripts, nor sent by other sites; over https for this host alone', async () => {
    await using stage = openStage({ users })
    expect((await logIn(stage, 'viewer')).headers.get('set-cookie')).toMatch(
      /^millrace-session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/,
    )
    await using secure = openStage({ users, publicUrl: 'https://queues.example.com' })
    expect((await logIn(secure, 'viewer')).headers.get('set-cookie')).toMatch(
      /^__Host-millrace=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict; Secure$/,
    )
  })

  test('a new id at each login; the one before is over', async () => {
    await using stage = openStage({ users })
    const first = await cookieOf(stage, 'viewer')
    const response = await logIn(stage, 'viewer', PASSWORD, { cookie: first })
    const second = (response.headers.get('set-cookie') ?? '').split(';')[0]
    expect(second).not.toBe(first)
    expect((await stage.ask('/me', { headers: { cookie: first } })).status).toBe(401)
    expect((await stage.ask('/me', { headers: { cookie: second } })).status).toBe(200)
  })

  test('a logout ends it on the server', async () => {
    await using stage = openStage({ users })
    const cookie = await cookieOf(stage, 'viewer')
    await stage.get('logout', '/logout', { body: {}, headers: { cookie } })
    expect((await stage.ask('/me', { headers: { cookie } })).status).toBe(401)
  })

  test('outlives the dashboard, and its logout holds for all of them', async () => {
    await using first = openStage({ users })
    const cookie = await cookieOf(first, 'operator')
    await first.board.close()
    await using second = openStage({ users }, first.app)
    await using third = openStage({ users }, first.app)
    const me = (stage: Stage) => stage.ask('/me', { headers: { cookie } })
    expect(await (await me(second)).json()).toEqual({ name: 'operator', role: 'operator' })
    expect((await me(third)).status).toBe(200)
    await second.get('logout', '/logout', { body: {}, headers: { cookie } })
    expect([(await me(second)).status, (await me(third)).status]).toEqual([401, 401])
  })

  test('what the store has is no cookie', async () => {
    const app = createApp({ name: `signed-${process.pid}`, broker: 'memory://' })
    const broker = await app.broker()
    const keys: string[] = []
    const begin = broker.signIns.begin.bind(broker.signIns)
    vi.spyOn(broker.signIns, 'begin').mockImplementation((key, entry) => {
      keys.push(key)
      return begin(key, entry)
    })
    await using stage = openStage({ users }, app)
    const cookie = await cookieOf(stage, 'admin')
    expect(keys).toHaveLength(1)
    expect(cookie).not.toContain(keys[0])
    expect((await stage.ask('/me', { headers: { cookie: `millrace-session=${keys[0]}` } })).status).toBe(401)
    await app.close()
  })

  test('ends with its user, and with the password; a new role counts at once', async () => {
    await using first = openStage({ users })
    const cookie = await cookieOf(first, 'operator')
    const others = users.filter(({ name }) => name !== 'operator')
    const operator = users.find(({ name }) => name === 'operator') as DashboardUser
    const seen = async (listed: readonly DashboardUser[]) => {
      await using stage = openStage({ users: listed }, first.app)
      const response = await stage.ask('/me', { headers: { cookie } })
      return response.status === 200 ? ((await response.json()) as { role: string }).role : response.status
    }
    expect(await seen(others)).toBe(401)
    expect(await seen([...others, { ...operator, passwordHash: await hashPassword('another one, as long') }])).toBe(401)
    expect(await seen([...others, { ...operator, role: 'viewer' }])).toBe('viewer')
  })

  test('without a store nobody is told apart: 503, not 401', async () => {
    await using stage = openStage({ users })
    const cookie = await cookieOf(stage, 'viewer')
    const { signIns } = await stage.app.broker()
    vi.spyOn(signIns, 'read').mockRejectedValue(new BrokerUnavailableError({ what: 'the store is away' }))
    expect((await stage.ask('/me', { headers: { cookie } })).status).toBe(503)
  })

  test('ends after 30 minutes without a request, and after 12 hours in any case', async () => {
    const clock = new ManualClock()
    await using stage = openStage({ users, clock })
    const idle = await cookieOf(stage, 'viewer')
    const status = async (cookie: string) => (await stage.ask('/me', { headers: { cookie } })).status
    clock.ms += 29 * 60_000
    expect(await status(idle)).toBe(200)
    clock.ms += 30 * 60_000
    expect(await status(idle)).toBe(401)
    const busy = await cookieOf(stage, 'viewer')
    for (let i = 0; i < 35; i++) {
      clock.ms += 20 * 60_000
      expect(await status(busy)).toBe(200)
    }
    clock.ms += 20 * 60_000
    expect(await status(busy)).toBe(401)
  })

  test.each([
    'millrace-session=',
    `millrace-session=${'a'.repeat(43)}`,
    `millrace-session=${'a'.repeat(5_000)}`,
    'millrace-session=../../etc/passwd',
    '__Host-millrace=null; millrace-session=undefined',
    ';;;=;a=b',
  ])('the forged cookie %s is nobody', async (cookie) => {
    await using stage = openStage({ users })
    await cookieOf(stage, 'admin')
    expect((await stage.ask('/me', { headers: { cookie } })).status).toBe(401)
  })

  test('an event stream ends with its session', async () => {
    const clock = new ManualClock()
    await using stage = openStage({ users, clock, everyMs: 100 })
    const cookie = await cookieOf(stage, 'viewer')
    const response = await stage.ask('/events', { headers: { cookie } })
    clock.ms += 31 * 60_000
    expect(await response.text()).toContain('event: signed-out')
  })
})

describe('guessing passwords', () => {
  test('1,000 tries: five are checked, the rest is told to wait, longer and longer', async () => {
    const clock = new ManualClock()
    await using stage = openStage({ users, clock, clientAddress: () => '10.0.0.1' })
    const statuses: number[] = []
    for (let i = 0; i < 1_000; i++) statuses.push((await logIn(stage, 'admin', `guess ${i}`)).status)
    expect(statuses.filter((status) => status === 401).length).toBe(5)
    expect(statuses.filter((status) => status === 429).length).toBe(995)
    // The right password has to wait as well.
    expect((await logIn(stage, 'admin')).status).toBe(429)
    clock.ms += 61_000
    for (let i = 0; i < 6; i++) await logIn(stage, 'admin', 'guess')
    clock.ms += 61_000
    const refused = await logIn(stage, 'admin')
    expect(refused.status).toBe(429)
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(30)
    clock.ms += 121_000
    expect((await logIn(stage, 'admin')).status).toBe(200)
  })

  test('another address is not locked out', async () => {
    let address = '10.0.0.1'
    await using stage = openStage({ users, clientAddress: () => address })
    for (let i = 0; i < 6; i++) await logIn(stage, 'admin', 'guess')
    address = '10.0.0.2'
    expect((await logIn(stage, 'admin')).status).toBe(200)
  })

  test('a name that nobody has is answered alike, and is checked alike', async () => {
    await using stage = openStage({ users })
    const [known, unknown] = [await logIn(stage, 'admin', 'x'), await logIn(stage, 'nobody', 'x')]
    expect([known.status, await known.json()]).toEqual([unknown.status, await unknown.json()])
  })

  test('the audit log tells who tried, and not what', async () => {
    await using stage = openStage({ users })
    await logIn(stage, 'admin', 'wrong-secret')
    const cookie = await cookieOf(stage, 'admin')
    const { entries } = await stage.get('audit', '/audit', { headers: { cookie } })
    expect(entries.map(({ who, action, outcome }) => [who, action, outcome])).toEqual([
      ['admin', 'login', 'done'],
      ['admin', 'login.refused', 'refused'],
    ])
    expect(JSON.stringify(entries)).not.toContain('secret')
  })
})

describe("the host's own sign-in", () => {
  test('says who it is, and the dashboard what that role may', async () => {
    const authenticate = (request: Request) => {
      const name = request.headers.get('x-user')
      return name === null ? null : { name, role: 'viewer' as const }
    }
    await using stage = openStage({ authenticate })
    expect((await stage.ask('/me')).status).toBe(401)
    const headers = { 'x-user': 'ada' }
    expect(await stage.get('me', '/me', { headers })).toEqual({ name: 'ada', role: 'viewer' })
    expect((await stage.ask('/queues/q/pause', { body: {}, headers })).status).toBe(403)
    expect((await logIn(stage, 'ada')).status).toBe(409)
  })

  test('a role that does not exist is nobody', async () => {
    await using stage = openStage({ authenticate: () => ({ name: 'ada', role: 'root' as Role }) })
    expect((await stage.ask('/me')).status).toBe(401)
  })
})
