import { startRedisServer } from '@millrace/embedded'
import { describe, expect, it } from 'vitest'
import { type App, createApp, LockNotWonError } from '../index.js'

const silent = { trace() {}, debug() {}, info() {}, warn() {}, error() {}, fatal() {}, child: () => silent }

function appOn(broker: string): App {
  return createApp({ name: 'locks', broker, logger: silent })
}

describe('app.lock', () => {
  it('runs its work alone, and hands back what the work returns', async () => {
    const [one, two] = [appOn('memory://'), appOn('memory://')]
    let inside = 0
    const work = async () => {
      inside += 1
      expect(inside).toBe(1)
      await new Promise((resolve) => setTimeout(resolve, 1))
      inside -= 1
      return 'done'
    }
    const turns = Array.from({ length: 10 }, (_, n) =>
      (n % 2 === 0 ? one : two).lock('k', { ttl: '5s', wait: '10s' }, work),
    )
    expect(await Promise.all(turns)).toEqual(turns.map(() => 'done'))
    await Promise.all([one.close(), two.close()])
  })

  it('gives its token and its signal; the token grows; the signal aborts when the work is over', async () => {
    await using app = appOn('memory://')
    const first = await app.lock('k', {}, (lock) => lock)
    const second = await app.lock('k', {}, (lock) => {
      expect(lock.signal.aborted).toBe(false)
      return lock
    })
    expect(second.token).toBeGreaterThan(first.token)
    expect(second.signal.aborted).toBe(true)
    expect(second.key).toBe('k')
  })

  it('gives the lock back when its work throws', async () => {
    await using app = appOn('memory://')
    const failing = app.lock('k', {}, () => Promise.reject(new Error('in the work')))
    await expect(failing).rejects.toThrow('in the work')
    await expect(app.lock('k', {}, () => 'free')).resolves.toBe('free')
  })

  it('refuses what is held by another, and never calls the work', async () => {
    await using app = appOn('memory://')
    await app.lock('k', { ttl: '5s' }, async () => {
      let called = false
      const other = app.lock('k', { ttl: '5s', wait: 10 }, () => {
        called = true
      })
      await expect(other).rejects.toBeInstanceOf(LockNotWonError)
      await expect(other).rejects.toMatchObject({ code: 'LOCK_NOT_WON', retryable: true, waitMs: 10 })
      const stop = new AbortController()
      const waiting = app.lock('k', { wait: '10s', signal: stop.signal }, () => undefined)
      stop.abort(new Error('enough'))
      await expect(waiting).rejects.toThrow('enough')
      expect(called).toBe(false)
    })
  })

  it('refuses bad options by name', async () => {
    await using app = appOn('memory://')
    const refusal = (key: string, options: object) => app.lock(key, options, () => undefined)
    await expect(refusal('k', { ttl: 1 })).rejects.toThrow('ttl')
    await expect(refusal('k', { wait: '2d' })).rejects.toThrow('wait')
    await expect(refusal('k', { tll: '5s' })).rejects.toThrow('ttl')
    await expect(refusal('', {})).rejects.toThrow('key')
    await expect(app.lock('k', {}, undefined as never)).rejects.toThrow('function')
  })

  it('closing the app gives the lock back and tells the work', async () => {
    const app = appOn('memory://')
    const told = app.lock('k', {}, (lock) => new Promise((resolve) => lock.signal.addEventListener('abort', resolve)))
    // The lock is won once another is refused it.
    await expect.poll(() => app.lock('k', {}, () => 'won').catch(() => 'refused')).toBe('refused')
    await app.close()
    await told
    await expect(app.lock('k', {}, () => 'again')).resolves.toBe('again')
    await app.close()
  })

  it("by default stands on the broker's own Redis, where its keys do not outlive it", async () => {
    const server = await startRedisServer()
    const [one, two] = [appOn(server.url), appOn(server.url)]
    const tokens: number[] = []
    await one.lock('invoice:42', { ttl: '5s' }, async ({ token }) => {
      tokens.push(token)
      await expect(two.lock('invoice:42', { ttl: '5s' }, () => undefined)).rejects.toBeInstanceOf(LockNotWonError)
    })
    await two.lock('invoice:42', { ttl: '5s', wait: '5s' }, ({ token }) => tokens.push(token))
    expect(tokens[1]).toBeGreaterThan(tokens[0] as number)
    await Promise.all([one.close(), two.close()])
    await server.close()
  })
})
