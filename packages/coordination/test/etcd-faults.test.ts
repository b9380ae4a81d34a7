import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { Candidate } from '../src/conformance/candidate.js'
import { until } from '../src/conformance/until.js'
import type { Coordinator } from '../src/coordinator.js'
import { parseEtcdUrl } from '../src/etcd/etcd-address.js'
import { etcdCoordinator } from '../src/etcd/etcd-coordinator.js'
import { EtcdStore } from '../src/etcd/etcd-store.js'
import { EtcdCluster, whyNoEtcd } from './etcd-server.js'
import { succeedsFrozenLeader } from './frozen-leader.js'
import { lapse } from './lapse.js'

const TTL = 1_500
const KEY = Buffer.from('test:election:e').toString('base64')

describe.skipIf(whyNoEtcd !== undefined)(whyNoEtcd ?? 'etcd when servers fail', () => {
  let cluster: EtcdCluster
  let open: Coordinator[] = []
  let candidates: Candidate[] = []

  beforeEach(() => {
    open = []
    candidates = []
  })
  afterEach(async () => {
    for (const index of [0, 1, 2]) cluster.thaw(index)
    await Promise.all(candidates.map((each) => each.stop()))
    await Promise.all(open.map((each) => each.close()))
    await cluster.end()
  })

  async function start(size = 1): Promise<void> {
    cluster = await EtcdCluster.start(size)
  }
  function coordinator(): Coordinator {
    const made = etcdCoordinator({ url: cluster.url, prefix: 'test' })
    open.push(made)
    return made
  }
  function campaign(candidate: string, ttlMs = TTL): Candidate {
    const made = new Candidate({ coordinator: coordinator(), name: 'e', candidate, ttlMs })
    candidates.push(made)
    return made
  }
  const leaders = () => candidates.filter((each) => each.leads()).length

  test('a server frozen past the TTL: the holder is gone before another leads, and the token grows', async () => {
    await start()
    const one = campaign('one')
    const first = await one.untilLeads()
    const two = campaign('two')
    await until('two to have tried', () => two.looks > 0)
    let steppedDown: 'in time' | 'late' | undefined
    first.signal.addEventListener('abort', () => {
      steppedDown = runOut.over ? 'late' : 'in time'
    })
    const runOut = lapse(TTL)
    const frozen = performance.now()
    cluster.freeze()
    await until('the holder to step down', () => steppedDown !== undefined)
    expect(steppedDown).toBe('in time')
    await until('two TTLs to pass', () => {
      expect(leaders()).toBe(0)
      return performance.now() - frozen > 2 * TTL
    })
    cluster.thaw()
    await until('one of them to lead', () => leaders() === 1)
    expect(first.trusted()).toBe(false)
    const next = candidates.find((each) => each.leads())?.term
    expect(next?.token).toBeGreaterThan(first.token)
  })

  test('a server killed and started again on its data: never two leaders, and one again', async () => {
    await start()
    const [one, two] = [campaign('one'), campaign('two')]
    await until('one of them to lead', () => one.leads() || two.leads())
    for (let round = 0; round < 2; round++) {
      await cluster.kill()
      cluster.launch()
      await until('one of them to lead', () => {
        expect(leaders()).toBeLessThanOrEqual(1)
        return leaders() === 1
      })
    }
  })

  test('a server that comes back empty: the holder learns that its lock is gone', async () => {
    await start()
    const one = campaign('one')
    const term = await one.untilLeads()
    await cluster.kill()
    cluster.wipe()
    cluster.launch()
    await until('the term to be over', () => term.signal.aborted)
    await until('a new term', () => one.terms.length > 1 && one.leads())
  })

  test('one of three down: works; two of three: nobody leads; back: one leads again', async () => {
    await start(3)
    const [one, two] = [campaign('one'), campaign('two')]
    await until('one of them to lead', () => one.leads() || two.leads())
    await cluster.kill(0)
    // Where the member that was killed led the cluster, it elects another: a term may be lost over that.
    await until('one of them to lead', () => leaders() === 1)
    await cluster.kill(1)
    await until('the leader to step down', () => leaders() === 0)
    const down = performance.now()
    await until('two TTLs to pass', () => {
      expect(leaders()).toBe(0)
      return performance.now() - down > 2 * TTL
    })
    expect(candidates.flatMap((each) => each.faults)).toContainEqual(
      expect.objectContaining({ code: 'BROKER_UNAVAILABLE' }),
    )
    cluster.launch(0)
    cluster.launch(1)
    await until('one of them to lead', () => leaders() === 1)
  })

  test('a member that is frozen costs its share of a call, then another is asked', async () => {
    await start(3)
    const store = new EtcdStore(parseEtcdUrl(cluster.url), 'test')
    // The lease outlasts an election of the cluster, in case that the frozen member led it.
    expect(await store.take('r', 'a', 60_000)).toMatchObject({ won: true })
    cluster.freeze(0)
    const deadline = performance.now() + 20_000
    let renewal = await store.renew('r', 'a', 8_000)
    while (renewal.state !== 'renewed' && performance.now() < deadline) renewal = await store.renew('r', 'a', 8_000)
    expect(renewal).toEqual({ state: 'renewed' })
    await store.giveBack('r', 'a', 8_000)
    await store.close()
  })

  test('a frozen leader is succeeded when its lease runs out, and trusts nothing when it thaws', async () => {
    await start()
    await succeedsFrozenLeader({ url: cluster.url, campaign })
  })

  test('a lock that another took over is neither renewed nor deleted', async () => {
    await start()
    const one = campaign('one')
    const term = await one.untilLeads()
    const value = Buffer.from('another').toString('base64')
    await cluster.call('/v3/kv/put', { key: KEY, value })
    await until('the term to be lost', () => term.signal.aborted)
    await one.stop()
    expect(await cluster.call('/v3/kv/range', { key: KEY })).toMatchObject({ kvs: [{ value }] })
  })

  test('a renewal or release of an old term never touches a newer one', async () => {
    await start()
    const store = new EtcdStore(parseEtcdUrl(cluster.url), 'test')
    const [old, fresh] = [await store.take('r', 'old', 5_000), await store.take('r', 'new', 5_000)]
    expect([old.won, fresh.won]).toEqual([true, false])
    await store.giveBack('r', 'old', 5_000)
    expect(await store.take('r', 'new', 5_000)).toMatchObject({ won: true })
    expect(await store.renew('r', 'old', 5_000)).toEqual({ state: 'lost' })
    await store.giveBack('r', 'old', 5_000)
    expect(await store.renew('r', 'new', 5_000)).toEqual({ state: 'renewed' })
    await store.giveBack('r', 'new', 5_000)
    expect(await cluster.call('/v3/lease/leases', {})).not.toHaveProperty('leases')
    await store.close()
  })

  test('a lease that ran out unnoticed is lost, and its holder is told when to try again', async () => {
    await start()
    const store = new EtcdStore(parseEtcdUrl(cluster.url), 'test')
    expect(await store.take('r', 'a', 1_000)).toMatchObject({ won: true })
    const refused = await store.take('r', 'b', 1_000)
    expect(refused).toMatchObject({ won: false, split: false, fault: undefined })
    expect((refused as { freeInMs: number }).freeInMs).toBeLessThanOrEqual(2_000)
    const watch = store.watch('r')
    await watch.wait(1_000, AbortSignal.timeout(1_000))
    watch.reset()
    expect(await watch.wait(5_000, AbortSignal.timeout(5_000))).toBe(true)
    watch.close()
    expect(await store.renew('r', 'a', 1_000)).toEqual({ state: 'lost' })
    await store.close()
  })

  test('servers that come up late: candidates wait without crashing, then one leads', async () => {
    await start()
    await cluster.kill()
    const one = campaign('one')
    await until('a failed try', () => one.faults.length > 0)
    cluster.launch()
    await one.untilLeads(10_000)
  })

  test('users and passwords', async () => {
    await start()
    await cluster.call('/v3/auth/user/add', { name: 'root', password: 'p@ss' })
    await cluster.call('/v3/auth/role/add', { name: 'root' })
    await cluster.call('/v3/auth/user/grant', { user: 'root', role: 'root' })
    await cluster.call('/v3/auth/enable', {})
    const made = etcdCoordinator({ url: cluster.url.replace('etcd://', 'etcd://root:p%40ss@'), prefix: 'test' })
    open.push(made)
    // Checking a password is work: the longer the TTL, the longer a call may take.
    const lock = await made.lock('a', { ttlMs: 10_000, waitMs: 15_000 })
    await lock.release()
    await expect(coordinator().lock('a', { ttlMs: 2_000 })).rejects.toMatchObject({ code: 'BROKER_UNAVAILABLE' })
  })

  test('close is quick and leaves no socket behind, also when the server never answers', async () => {
    const sockets = (): number => process.getActiveResourcesInfo().filter((each) => each === 'TCPSocketWrap').length
    await start()
    await until('the sockets of the start to be gone', () => sockets() === 0).catch(() => undefined)
    const before = sockets()
    const made = coordinator()
    const one = new Candidate({ coordinator: made, name: 'e', candidate: 'one', ttlMs: TTL })
    await one.untilLeads()
    cluster.freeze()
    const from = performance.now()
    await made.close()
    expect(performance.now() - from).toBeLessThan(10_000)
    await one.ended
    await until('the sockets to be gone', () => sockets() <= before)
  })
})
