import { randomUUID } from 'node:crypto'
import { type Coordinator, memoryCoordinator } from '@millrace/coordination'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { Dispatcher, type DispatcherOptions } from '../src/dispatcher.js'
import { FakeDispatch } from './fake-dispatch.js'
import { RecordingLogger } from './recording-logger.js'
import { until } from './until.js'

const LANE = { queue: 'mail', index: 0 }
const OTHER = { queue: 'mail', index: 1 }
/** What is found sooner was told: a dispatcher looks by itself every 5 s. */
const LOOK_MS = 4_500
/** A candidate that is not told of a free lock looks for it after a sixth of that at the earliest. */
const LONG_TTL_MS = 60_000

describe('dispatcher', () => {
  let dispatch: FakeDispatch
  let logger: RecordingLogger
  let name: string
  let dispatchers: Dispatcher[] = []
  let coordinators: Coordinator[] = []

  beforeEach(() => {
    dispatch = new FakeDispatch()
    logger = new RecordingLogger()
    name = randomUUID()
    dispatchers = []
    coordinators = []
  })
  afterEach(async () => {
    dispatch.hold = undefined
    await Promise.all(dispatchers.map((each) => each.stop()))
    await Promise.all(coordinators.map((each) => each.close()))
  })

  function candidate(options: Partial<DispatcherOptions> = {}): Dispatcher {
    const coordinator = memoryCoordinator({ name })
    coordinators.push(coordinator)
    const made = new Dispatcher({ broker: { dispatch }, coordinator, logger, candidate: 'one', ...options })
    dispatchers.push(made)
    return made
  }
  async function leading(options: Partial<DispatcherOptions> = {}): Promise<Dispatcher> {
    const made = candidate(options)
    made.start()
    await until('the candidate to lead', () => made.status().state === 'leading')
    return made
  }

  test('promotes on time', async () => {
    dispatch.put(LANE, {})
    const one = await leading()
    await until('the first agenda', () => dispatch.calls.includes('agenda mail/0'))
    const now = Date.now()
    const due = Array.from({ length: 50 }, (_, index) => now + 20 + index * 10)
    // How late this process lets bare timers be is not the dispatcher's doing.
    const bare: number[] = []
    for (const at of due) setTimeout(() => bare.push(Date.now() - at), at - now)
    dispatch.put(LANE, { due })
    await until('all to be promoted', () => dispatch.left(LANE) === 0 && bare.length === due.length)
    const median = (figures: readonly number[]) => figures.toSorted((a, b) => a - b)[25] ?? 0
    expect(median(dispatch.lateness) - median(bare)).toBeLessThanOrEqual(20)
    expect(one.status().done.promoted).toBe(50)
  })

  test('an earlier due job wakes it, and a lane that is new is served', async () => {
    dispatch.put(LANE, { due: [Date.now() + 60_000] })
    await leading()
    await until('the first agenda', () => dispatch.calls.includes('agenda mail/0'))
    dispatch.put(LANE, { due: [Date.now() + 50] })
    dispatch.put(OTHER, { due: [Date.now() + 50] })
    await until('both to be promoted', () => dispatch.lateness.length === 2, LOOK_MS)
    expect(dispatch.left(LANE)).toBe(1)
  })

  test('does not spin while nothing is due', async () => {
    dispatch.put(LANE, { due: [Date.now() + 60_000] })
    await leading()
    await until('the first agenda', () => dispatch.calls.includes('agenda mail/0'))
    const start = performance.now()
    await until('a while to pass', () => performance.now() - start > 500)
    expect(dispatch.calls.length).toBeLessThan(10)
  })

  test('does not spin on an agenda that asks for what cannot be done', async () => {
    dispatch.put(LANE, { sweepAt: Date.now() - 1 })
    // The sweep finds nothing, but the lane goes on asking for it.
    dispatch.reclaimExpired = async () => {
      dispatch.calls.push('reclaim')
      return { reclaimed: 0, poisoned: 0, crashed: [], more: false }
    }
    await leading()
    const start = performance.now()
    await until('a while to pass', () => performance.now() - start > 500)
    expect(dispatch.calls.filter((call) => call === 'reclaim').length).toBeLessThan(15)
  })

  test('reclaims when the lane wants to be swept, and empties outboxes in steps', async () => {
    const one = await leading()
    dispatch.put(LANE, { sweepAt: Date.now() + 30, outbox: 250 })
    await until('the sweep and the outbox', () => one.status().done.reclaimed === 1 && dispatch.outbox(LANE) === 0)
    expect(dispatch.calls.filter((call) => call === 'drain mail/0').length).toBe(3)
    expect(one.status().done).toMatchObject({ reclaimed: 1, delivered: 250 })
  })

  test('a lane with much to do does not hold up the others', async () => {
    const due = Date.now() - 1
    dispatch.put(LANE, { due: Array.from({ length: 20_000 }, () => due) })
    dispatch.put(OTHER, { due: [due] })
    await leading()
    await until('the small lane to be served', () => dispatch.left(OTHER) === 0)
    expect(dispatch.left(LANE)).toBeGreaterThan(18_000)
    await until('the large lane to be served', () => dispatch.left(LANE) === 0)
  })

  test('a stale epoch ends the term at once; it campaigns again with what it sees then', async () => {
    dispatch.put(LANE, {})
    dispatch.put(OTHER, {})
    const one = await leading()
    const first = one.status().epoch ?? 0
    dispatch.outdate(LANE, first + 1_000_000)
    const before = dispatch.calls.length
    dispatch.put(OTHER, { due: [Date.now()] })
    await until('a newer term', () => (one.status().epoch ?? 0) > first + 1_000_000)
    expect(dispatch.calls.length - before).toBeLessThan(30)
    expect(logger.lines).toContain('warn stepped down: a newer dispatcher leads')
    expect(dispatch.ended).toEqual([])
    await until('the other lane to be served', () => dispatch.left(OTHER) === 0)
  })

  test('who was overtaken between reading the epoch and minting gives the term up and tries again', async () => {
    const mint = dispatch.mintEpoch.bind(dispatch)
    let overtaken = 0
    dispatch.mintEpoch = async (seen, leader) => {
      if (overtaken === 0) {
        overtaken = 1
        dispatch.minted += 10
      }
      return mint(seen, leader)
    }
    const one = await leading()
    expect(overtaken).toBe(1)
    expect(one.status().epoch).toBe(dispatch.minted)
    expect(logger.lines).toContain('info another dispatcher began a term meanwhile')
  })

  test('a lane that errors is tried again later and does not stop the others, nor does one duty the others', async () => {
    dispatch.broken.add('agenda mail/0')
    dispatch.broken.add('drain mail/1')
    dispatch.put(LANE, { due: [Date.now()] })
    dispatch.put(OTHER, { outbox: 1 })
    await leading()
    await until('a failure', () => logger.lines.length > 1)
    dispatch.put(OTHER, { due: [Date.now() + 20] })
    await until('the other lane to be served', () => dispatch.left(OTHER) === 0, LOOK_MS)
    expect(dispatch.left(LANE)).toBe(1)
    dispatch.broken.clear()
    await until('both to be served', () => dispatch.left(LANE) === 0 && dispatch.outbox(OTHER) === 0)
  })

  test('stop finishes the call under way, ends the term and hands over at once', async () => {
    dispatch.put(LANE, {})
    const one = await leading({ ttlMs: LONG_TTL_MS })
    const two = candidate({ candidate: 'two', ttlMs: LONG_TTL_MS })
    two.start()
    const epoch = one.status().epoch
    let release = (): void => {}
    dispatch.hold = new Promise((resolve) => {
      release = resolve
    })
    const before = dispatch.calls.length
    dispatch.put(LANE, { due: [Date.now()] })
    await until('a call under way', () => dispatch.calls.length > before)
    const stopped = performance.now()
    const stopping = one.stop()
    expect(dispatch.ended).toEqual([])
    expect(two.status().state).toBe('campaigning')
    release()
    dispatch.hold = undefined
    await stopping
    expect(dispatch.ended).toEqual([epoch])
    await until('two to lead', () => two.status().state === 'leading')
    expect(performance.now() - stopped).toBeLessThan(LONG_TTL_MS / 6)
    expect(one.status().state).toBe('stopped')
    expect(two.status().epoch).toBeGreaterThan(epoch ?? 0)
    expect(dispatch.leaders.map((leader) => leader.candidate)).toEqual(['one', 'two'])
  })

  test('after its term is lost it calls nothing more', async () => {
    dispatch.put(LANE, { due: Array.from({ length: 5_000 }, () => Date.now()) })
    const coordinator = memoryCoordinator({ name })
    coordinators.push(coordinator)
    let trusted = true
    const frozen: Coordinator = {
      kind: 'frozen',
      elect: (election, options) =>
        coordinator.elect(election, {
          ...options,
          onTerm: (term, seen) => options.onTerm({ ...term, trusted: () => trusted && term.trusted() }, seen),
        }),
      lock: (key, options) => coordinator.lock(key, options),
      close: () => coordinator.close(),
    }
    const one = await leading({ coordinator: frozen })
    await until('some to be promoted', () => dispatch.left(LANE) < 5_000)
    // As a process that thaws: no timer has fired, the signal has not aborted, but the clock knows.
    trusted = false
    const calls = dispatch.calls.length
    await until('the loop to have noticed', () => dispatch.ended.length > 0)
    expect(dispatch.calls.length).toBeLessThanOrEqual(calls + 1)
    await one.stop()
  })

  test('survives stop before start, stop twice, start twice and start right after stop', async () => {
    const one = candidate()
    await one.stop()
    expect(one.status()).toMatchObject({ state: 'stopped', epoch: undefined, lanes: 0 })
    one.start()
    one.start()
    await until('it to lead', () => one.status().state === 'leading')
    void one.stop()
    void one.stop()
    one.start()
    await until('it to lead again', () => dispatch.leaders.length === 2 && one.status().state === 'leading')
    await Promise.all([one.stop(), one.stop()])
    expect(one.status().state).toBe('stopped')
    expect(dispatch.ended.length).toBe(2)
  })

  test('with a store that cannot be reached it goes on campaigning, and leads once it can', async () => {
    const read = dispatch.readEpoch.bind(dispatch)
    let reachable = false
    dispatch.readEpoch = () => (reachable ? read() : Promise.reject(new Error('unreachable')))
    const one = candidate()
    one.start()
    await until('trouble to be logged', () => logger.lines.length > 0)
    expect(one.status().state).toBe('campaigning')
    reachable = true
    await until('it to lead', () => one.status().state === 'leading')
  })
})
