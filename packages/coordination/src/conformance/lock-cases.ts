import { LockNotWonError } from '@millrace/core'
import { expect } from 'vitest'
import type { Coordinator, Term } from '../coordinator.js'
import type { CoordinatorCase } from './coordinator-case.js'
import { until } from './until.js'

export const LOCK_CASES = {
  'a lock keeps others out until it is released': async (scene) => {
    const [one, two] = [await scene.another(), await scene.another()]
    const lock = await one.lock(scene.name, { ttlMs: 5_000 })
    expect(lock.key).toBe(scene.name)
    await expect(two.lock(scene.name, { ttlMs: 5_000 })).rejects.toBeInstanceOf(LockNotWonError)
    await expect(one.lock(scene.name, { ttlMs: 5_000, waitMs: 100 })).rejects.toBeInstanceOf(LockNotWonError)
    await lock.release()
    expect(lock.signal.aborted).toBe(true)
    const next = await two.lock(scene.name, { ttlMs: 5_000 })
    expect(next.token).toBeGreaterThan(lock.token)
    await next.release()
  },
  'releasing twice does not take the lock from the next holder': async (scene) => {
    const [one, two] = [await scene.another(), await scene.another()]
    const lock = await one.lock(scene.name, { ttlMs: 5_000 })
    await lock.release()
    const next = await two.lock(scene.name, { ttlMs: 5_000 })
    await lock.release()
    await expect(one.lock(scene.name, { ttlMs: 5_000 })).rejects.toBeInstanceOf(LockNotWonError)
    await next.release()
  },
  'a lock outlives its TTL by renewal': async (scene) => {
    const [one, two] = [await scene.another(), await scene.another()]
    const lock = await one.lock(scene.name, { ttlMs: 1_500 })
    await expect(two.lock(scene.name, { ttlMs: 1_500, waitMs: 3_600 })).rejects.toBeInstanceOf(LockNotWonError)
    expect(lock.signal.aborted).toBe(false)
    await lock.release()
  },
  'a waiter is woken by the release': async (scene) => {
    const [one, two] = [await scene.another(), await scene.another()]
    const lock = await one.lock(scene.name, { ttlMs: 10_000 })
    const waiting = two.lock(scene.name, { ttlMs: 10_000, waitMs: 10_000 })
    const released = performance.now()
    await lock.release()
    const next = await waiting
    expect(performance.now() - released).toBeLessThan(1_500)
    await next.release()
  },
  'a wait can be given up': async (scene) => {
    const [one, two] = [await scene.another(), await scene.another()]
    const lock = await one.lock(scene.name, { ttlMs: 5_000 })
    const stop = new AbortController()
    const waiting = two.lock(scene.name, { ttlMs: 5_000, waitMs: 10_000, signal: stop.signal })
    stop.abort(new Error('enough'))
    await expect(waiting).rejects.toThrow('enough')
    await lock.release()
  },
  'disposing of a lock releases it': async (scene) => {
    const coordinator = await scene.another()
    {
      await using lock = await coordinator.lock(scene.name, { ttlMs: 5_000 })
      expect(lock.signal.aborted).toBe(false)
    }
    await (await coordinator.lock(scene.name, { ttlMs: 5_000 })).release()
  },
  'many who want one lock get it one after the other': async (scene) => {
    const coordinators = [await scene.another(), await scene.another(), await scene.another()]
    let inside = 0
    let passed = 0
    const pass = async (turn: number): Promise<void> => {
      const coordinator = coordinators[turn % 3]
      if (coordinator === undefined) return
      await using lock = await coordinator.lock(scene.name, { ttlMs: 2_000, waitMs: 15_000 })
      inside += 1
      expect(inside).toBe(1)
      await new Promise(setImmediate)
      expect(lock.signal.aborted).toBe(false)
      inside -= 1
      passed += 1
    }
    await Promise.all(Array.from({ length: 12 }, (_, turn) => pass(turn)))
    expect(passed).toBe(12)
  },
  'fencing tokens grow from holder to holder, terms and locks alike': async (scene) => {
    const coordinators = [await scene.another(), await scene.another()]
    const tokens: number[] = []
    for (let turn = 0; turn < 6; turn++) {
      const lock = await (coordinators[turn % 2] as Coordinator).lock(scene.name, { ttlMs: 5_000, waitMs: 5_000 })
      tokens.push(lock.token)
      await lock.release()
    }
    expect(tokens.every(Number.isSafeInteger)).toBe(true)
    expect(tokens).toEqual([...new Set(tokens)].toSorted((a, b) => a - b))
    const candidate = scene.candidate({ coordinator: coordinators[0] as Coordinator, candidate: 'one' })
    const first = await candidate.untilLeads()
    await first.resign()
    await until('the next term', () => candidate.terms.length > 1 && candidate.leads())
    expect((candidate.term as Term).token).toBeGreaterThan(first.token)
  },
  'closing the coordinator releases its locks': async (scene) => {
    const [one, two] = [await scene.another(), await scene.another()]
    const lock = await one.lock(scene.name, { ttlMs: 10_000 })
    await one.close()
    expect(lock.signal.aborted).toBe(true)
    await (await two.lock(scene.name, { ttlMs: 10_000 })).release()
    await expect(one.lock(scene.name, { ttlMs: 10_000 })).rejects.toMatchObject({ code: 'BROKER_UNAVAILABLE' })
  },
} satisfies Record<string, CoordinatorCase>
