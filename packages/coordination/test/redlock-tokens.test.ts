import { afterEach, describe, expect, test } from 'vitest'
import type { Coordinator } from '../src/coordinator.js'
import { redlockCoordinator } from '../src/redlock/redlock-coordinator.js'
import { KEEP_TOKEN_SCRIPT } from '../src/redlock/scripts/keep-token-script.js'
import { RedisServer, whyNoRedis } from './redis-server.js'

const KEY = 'test:lock:k'
const TOKENS = 'test:tokens'

describe.skipIf(whyNoRedis !== undefined)(whyNoRedis ?? 'fencing tokens of redlock', () => {
  let servers: RedisServer[] = []
  let open: { close(): Promise<void> }[] = []

  afterEach(async () => {
    for (const server of servers) server.thaw()
    await Promise.all(open.map((each) => each.close()))
    await Promise.all(servers.map((server) => server.kill()))
    servers = []
    open = []
  })

  async function start(count: number): Promise<void> {
    servers = await Promise.all(Array.from({ length: count }, () => RedisServer.start()))
  }
  function urls(): string[] {
    return servers.map((server) => server.url)
  }
  function coordinator(): Coordinator {
    const made = redlockCoordinator({ servers: urls(), prefix: 'test' })
    open.push(made)
    return made
  }
  async function draw(from: Coordinator): Promise<number> {
    await using lock = await from.lock('k', { ttlMs: 2_000, waitMs: 10_000 })
    return lock.token
  }
  function server(index: number): RedisServer {
    return servers[index] as RedisServer
  }

  test.each([1, 3])('they grow while %i of the servers take turns to be killed, frozen and emptied', async (count) => {
    await start(count)
    const [one, two] = [coordinator(), coordinator()]
    const drawn = [await draw(one)]
    for (let turn = 0; turn < 9; turn++) {
      const victim = server(turn % count)
      // Of a single server only the restart can be survived.
      if (turn % 3 === 1 && count > 1) victim.freeze()
      else await victim.kill()
      if (count > 1) drawn.push(await draw(turn % 2 === 0 ? two : one))
      victim.thaw()
      if (turn % 3 !== 1 || count === 1) await victim.resume()
      drawn.push(await draw(turn % 2 === 0 ? one : two))
    }
    expect(drawn).toEqual([...new Set(drawn)].toSorted((a, b) => a - b))
  })

  test('what one server alone had drawn, a majority knows before it counts', async () => {
    await start(3)
    await server(2).kill()
    // A clock or a counter that ran far ahead, on the server that is gone when the next token is drawn.
    await server(0).ask((client) => client.set(TOKENS, '4000000000000'))
    const far = await draw(coordinator())
    expect(far).toBe(4_000_000_000_001)
    await Promise.all([server(0).kill(), server(2).resume()])
    expect(await draw(coordinator())).toBeGreaterThan(far)
  })

  test('a renewal gives a server that restarted empty the token along with the lock', async () => {
    await start(3)
    await server(2).kill()
    await server(0).ask((client) => client.set(TOKENS, '4000000000000'))
    const lock = await coordinator().lock('k', { ttlMs: 1_000, waitMs: 1_000 })
    await server(2).resume()
    const known = () => server(2).ask((client) => client.get(TOKENS))
    await expect.poll(known, { timeout: 5_000 }).toBe(String(lock.token))
    await lock.release()
    // The two others were all that had noted it when it was won.
    await Promise.all([server(0).kill(), server(1).kill()])
    await server(1).resume()
    expect(await draw(coordinator())).toBeGreaterThan(lock.token)
  })

  test('a token counts only where the lock is still held: one that ran out between its votes and its token is not won', async () => {
    await start(1)
    await server(0).ask(async (client) => {
      const keep = () => client.eval(KEEP_TOKEN_SCRIPT, 2, KEY, TOKENS, 'slow', '4000000000000')
      expect(await keep()).toBe(0)
      await client.set(KEY, 'another')
      expect(await keep()).toBe(0)
      expect(await client.get(TOKENS)).toBeNull()
      await client.set(KEY, 'slow')
      expect(await keep()).toBe(1)
      expect(await client.get(TOKENS)).toBe('4000000000000')
    })
  })
})
