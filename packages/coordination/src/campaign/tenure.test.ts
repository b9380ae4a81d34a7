import type { Clock } from '@millrace/core'
import { describe, expect, test } from 'vitest'
import { lapse } from '../../test/lapse.js'
import { until } from '../conformance/until.js'
import type { LockStore, Renewal } from './lock-store.js'
import { Tenure } from './tenure.js'
import { marginMs } from './trust-window.js'

/** A store whose answers the test gives. */
class ToldStore implements LockStore {
  readonly renewed: string[] = []
  readonly givenBack: string[] = []
  answer: () => Promise<Renewal> = async () => ({ state: 'renewed' })

  async take(): Promise<{ won: true; token: 1 }> {
    return { won: true, token: 1 }
  }
  renew(_resource: string, holder: string): Promise<Renewal> {
    this.renewed.push(holder)
    return this.answer()
  }
  async giveBack(_resource: string, holder: string): Promise<void> {
    this.givenBack.push(holder)
  }
  watch(): never {
    throw new Error('not used')
  }
  async close(): Promise<void> {}
}

function setUp(ttlMs: number): {
  store: ToldStore
  clock: Clock & { skip: number }
  tenure: Tenure
  faults: unknown[]
} {
  const store = new ToldStore()
  const clock = {
    skip: 0,
    now: () => Date.now(),
    monotonic() {
      return performance.now() + this.skip
    },
  }
  const faults: unknown[] = []
  const startedAt = clock.monotonic()
  const onFault = (error: unknown): void => void faults.push(error)
  const tenure = new Tenure({ store, clock, resource: 'r', holder: 't', token: 1, ttlMs, startedAt, onFault })
  return { store, clock, tenure, faults }
}

describe('tenure', () => {
  test('a holder that was frozen knows it at once, before any timer has fired, and does not renew', async () => {
    const { store, clock, tenure } = setUp(600)
    expect(tenure.trusted()).toBe(true)
    clock.skip = 10_000
    expect(tenure.signal.aborted).toBe(false)
    expect(tenure.trusted()).toBe(false)
    expect(tenure.signal.aborted).toBe(true)
    clock.skip = 0
    expect(tenure.trusted()).toBe(false)
    const start = performance.now()
    await until('a renewal to have been due', () => performance.now() - start > 400)
    expect(store.renewed).toEqual([])
    await tenure.end('over')
  })

  test('the signal aborts before the lock can expire when no renewal is answered', async () => {
    const { store, tenure } = setUp(900)
    const late = lapse(900 - marginMs(900) / 2)
    let inTime = false
    tenure.signal.addEventListener('abort', () => {
      inTime = !late.over
    })
    store.answer = () => new Promise(() => {})
    await until('the signal to abort', () => tenure.signal.aborted)
    expect(inTime).toBe(true)
    late.end()
    expect(store.renewed.length).toBe(1)
  })

  test('failed renewals are repeated, and one that succeeds in time keeps the term', async () => {
    const { store, tenure, faults } = setUp(600)
    const fault = new Error('no answer')
    store.answer = async () => (store.renewed.length < 3 ? { state: 'unknown', fault } : { state: 'renewed' })
    await until('three TTLs of renewals', () => store.renewed.length >= 10)
    expect(faults).toEqual([fault, fault])
    expect(tenure.trusted()).toBe(true)
    await tenure.end('over')
    expect(store.givenBack).toEqual(['t'])
  })

  test('a renewal answered after trust has run out does not bring the term back', async () => {
    const { store, clock, tenure } = setUp(600)
    let answer: ((renewal: Renewal) => void) | undefined
    store.answer = () => new Promise((resolve) => (answer = resolve))
    await until('a renewal', () => store.renewed.length === 1)
    clock.skip = 10_000
    answer?.({ state: 'renewed' })
    await until('the signal to abort', () => tenure.signal.aborted)
    expect(tenure.trusted()).toBe(false)
    await tenure.end('over')
  })

  test('a lock that is known to be lost ends the term at once', async () => {
    const { store, tenure, faults } = setUp(600)
    store.answer = async () => ({ state: 'lost' })
    await until('the signal to abort', () => tenure.signal.aborted)
    expect(store.renewed.length).toBe(1)
    expect(faults.length).toBe(1)
    await tenure.end('over')
    await tenure.end('over')
    expect(store.givenBack).toEqual(['t'])
  })
})
