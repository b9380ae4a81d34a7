import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { Candidate } from '../src/conformance/candidate.js'
import { until } from '../src/conformance/until.js'
import type { Coordinator } from '../src/coordinator.js'
import { redlockCoordinator } from '../src/redlock/redlock-coordinator.js'
import { RedlockStore } from '../src/redlock/redlock-store.js'
import { succeedsFrozenLeader } from './frozen-leader.js'
import { lapse } from './lapse.js'
import { RedisServer, whyNoRedis } from './redis-server.js'

const TTL = 1_500
/** Who is not told of a free lock would look for it after 10 s at the earliest. */
const LONG_TTL = 60_000
const DEAF_MS = 10_000
const KEY = 'test:election:e'

describe.skipIf(whyNoRedis !== undefined)(whyNoRedis ?? 'redlock when servers fail', () => {
  let servers: RedisServer[] = []
  let open: Coordinator[] = []
  let candidates: Candidate[] = []

  beforeEach(() => {
    servers = []
    open = []
    candidates = []
  })
  afterEach(async () => {
    for (const server of servers) server.thaw()
    await Promise.all(candidates.map((each) => each.stop()))
    await Promise.all(open.map((each) => each.close()))
    await Promise.all(servers.map((server) => server.kill()))
  })

  async function start(count: number): Promise<RedisServer[]> {
    servers = await Promise.all(Array.from({ length: count }, () => RedisServer.start()))
    return servers
  }
  function coordinator(): Coordinator {
    const made = redlockCoordinator({ servers: servers.map((server) => server.url), prefix: 'test' })
    open.push(made)
    return made
  }
  function campaign(candidate: string, ttlMs = TTL): Candidate {
    const made = new Candidate({ coordinator: coordinator(), name: 'e', candidate, ttlMs })
    candidates.push(made)
    return made
  }

  test('one of three killed: the leader stays, and a successor is elected', async () => {
    const [first] = await start(3)
    const one = campaign('one')
    const term = await one.untilLeads()
    await first?.kill()
    const killed = performance.now()
    await until('two TTLs to pass', () => performance.now() - killed > 2 * TTL)
    expect(term.trusted()).toBe(true)
    const two = campaign('two')
    await until('two to have tried', () => two.looks > 0)
    await one.stop()
    await two.untilLeads()
  })

  test('two of three down: the leader steps down, nobody leads, and one leads again when they are back', async () => {
    const [first, second] = await start(3)
    const one = campaign('one')
    const term = await one.untilLeads()
    const two = campaign('two')
    await Promise.all([first?.kill(), second?.kill()])
    const killed = performance.now()
    await until('the leader to step down', () => term.signal.aborted)
    await until('another TTL to pass', () => performance.now() - killed > 2 * TTL)
    expect([one.leads(), two.leads()]).toEqual([false, false])
    expect(two.faults.some((fault) => (fault as { code?: string }).code === 'BROKER_UNAVAILABLE')).toBe(true)
    await Promise.all([first?.resume(), second?.resume()])
    await until('one of them to lead', () => one.leads() || two.leads())
  })

  test('a server without memory left: who leads stays, and another can lead after it', async () => {
    const [only] = await start(1)
    const one = campaign('one')
    const term = await one.untilLeads()
    await only?.ask((client) => client.config('SET', 'maxmemory', '1mb'))
    const full = performance.now()
    await until('two TTLs to pass', () => performance.now() - full > 2 * TTL)
    expect(term.trusted()).toBe(true)
    const two = campaign('two')
    await until('two to have tried', () => two.looks > 0)
    await one.stop()
    await two.untilLeads()
  })

  test('one of three frozen: who waits for the handover is told all the same', async () => {
    const [first] = await start(3)
    const one = campaign('one', LONG_TTL)
    await one.untilLeads()
    const two = campaign('two', LONG_TTL)
    await until('two to have tried', () => two.looks > 0)
    first?.freeze()
    const stopped = performance.now()
    void one.stop()
    await two.untilLeads()
    expect(performance.now() - stopped).toBeLessThan(DEAF_MS)
    await one.ended
  })

  test('a server frozen past the TTL: the holder is gone before another leads, and comes back on a new term', async () => {
    const [only] = await start(1)
    const one = campaign('one')
    const two = campaign('two')
    await until('one of them to lead', () => one.leads() || two.leads())
    const leader = one.leads() ? one : two
    const term = leader.term
    let steppedDown: 'in time' | 'late' | undefined
    term?.signal.addEventListener('abort', () => {
      steppedDown = runOut.over ? 'late' : 'in time'
    })
    const runOut = lapse(TTL)
    only?.freeze()
    await until('the holder to step down', () => steppedDown !== undefined)
    expect(steppedDown).toBe('in time')
    await until('the lock to run out', () => runOut.over)
    expect([one.leads(), two.leads()]).toEqual([false, false])
    only?.thaw()
    await until('one of them to lead', () => one.leads() || two.leads())
    expect(one.leads() && two.leads()).toBe(false)
    expect(term?.trusted()).toBe(false)
  })

  test('a frozen leader is succeeded when its lock runs out, and trusts nothing when it thaws', async () => {
    const [only] = await start(1)
    await succeedsFrozenLeader({ url: only?.url ?? '', campaign })
  })

  test('a holder that vanished is succeeded as soon as its lock runs out', async () => {
    const [only] = await start(1)
    await only?.ask((client) => client.set(KEY, 'a dead holder', 'PX', 1_200))
    const from = performance.now()
    await campaign('one', LONG_TTL).untilLeads()
    const took = performance.now() - from
    expect(took).toBeGreaterThan(1_000)
    expect(took).toBeLessThan(DEAF_MS)
  })

  test('a lock that another took over is neither renewed nor deleted', async () => {
    const [only] = await start(1)
    const one = campaign('one')
    const term = await one.untilLeads()
    await only?.ask((client) => client.set(KEY, 'another', 'PX', 20_000))
    await until('the term to be lost', () => term.signal.aborted)
    await one.stop()
    const [holder, left] = (await only?.ask(async (client) => [await client.get(KEY), await client.pttl(KEY)])) ?? []
    expect(holder).toBe('another')
    expect(left).toBeGreaterThan(10_000)
    expect(left).toBeLessThanOrEqual(20_000)
  })

  test('a renewal or release of an old term never touches a newer one', async () => {
    await start(3)
    const store = new RedlockStore(
      servers.map((server) => server.url),
      'test',
    )
    expect(await store.take('r', 'old', 1_000)).toMatchObject({ won: true })
    await store.giveBack('r', 'old', 1_000)
    expect(await store.take('r', 'new', 1_000)).toMatchObject({ won: true })
    expect(await store.renew('r', 'old', 60_000)).toEqual({ state: 'lost' })
    await store.giveBack('r', 'old', 1_000)
    expect(await store.renew('r', 'new', 1_000)).toEqual({ state: 'renewed' })
    for (const server of servers) {
      expect(await server.ask((client) => client.pttl('test:r'))).toBeLessThanOrEqual(1_000)
    }
    await store.close()
  })

  test('a server that restarted empty is given the lock again by the next renewal', async () => {
    const [first] = await start(3)
    const term = await campaign('one').untilLeads()
    await first?.kill()
    await first?.resume()
    let held: string | null = null
    while (held === null) held = (await first?.ask((client) => client.get(KEY))) ?? null
    expect(term.trusted()).toBe(true)
  })

  test('votes of a lost try are taken back, and a split is told from a holder', async () => {
    const [first, second, third] = await start(3)
    const store = new RedlockStore(
      servers.map((server) => server.url),
      'test',
    )
    const hold = (server: RedisServer | undefined, by: string): Promise<unknown> | undefined =>
      server?.ask((client) => client.set('test:r', by, 'PX', 5_000))
    await Promise.all([hold(first, 'x'), hold(second, 'y')])
    expect(await store.take('r', 'mine', 60_000)).toMatchObject({ won: false, split: true, fault: undefined })
    expect(await third?.ask((client) => client.exists('test:r'))).toBe(0)
    await hold(second, 'x')
    expect(await store.take('r', 'mine', 60_000)).toMatchObject({ won: false, split: false, fault: undefined })
    expect(await third?.ask((client) => client.exists('test:r'))).toBe(0)
    await store.close()
  })

  test('five who start at once over three servers: one leads soon', async () => {
    await start(3)
    const all = ['a', 'b', 'c', 'd', 'e'].map((candidate) => campaign(candidate, LONG_TTL))
    await until('one to lead', () => all.some((each) => each.leads()))
    expect(all.filter((each) => each.leads()).length).toBe(1)
  })

  test('servers that come up late: candidates wait without crashing, then one leads', async () => {
    const [only] = await start(1)
    await only?.kill()
    const one = campaign('one')
    await until('a failed try', () => one.faults.length > 0)
    await only?.resume()
    await one.untilLeads()
  })

  test('close is quick and leaves no socket behind, also when a server never answers', async () => {
    const sockets = (): number => process.getActiveResourcesInfo().filter((each) => each === 'TCPSocketWrap').length
    await start(3)
    const before = sockets()
    const made = coordinator()
    const stop = new Candidate({ coordinator: made, name: randomUUID(), candidate: 'one', ttlMs: TTL })
    await stop.untilLeads()
    expect(sockets()).toBeGreaterThan(before)
    for (const server of servers) server.freeze()
    const from = performance.now()
    await made.close()
    expect(performance.now() - from).toBeLessThan(DEAF_MS)
    await stop.ended
    await until('the sockets to be gone', () => sockets() <= before)
  })
})
