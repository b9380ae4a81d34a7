import { expect } from 'vitest'
import type { Candidate } from './candidate.js'
import type { CoordinatorCase } from './coordinator-case.js'
import { until } from './until.js'

/**
 * So long that whoever does not hear of a free lock looks for it only after `DEAF_MS` and more: a handover before that was told. How soon
 * that is, in ms, is measured by `leader-failover` (apps/chaos).
 */
const LONG_TTL_MS = 60_000
const DEAF_MS = 10_000
/** Renewals may be late by a second on a busy machine, and no term is lost. */
const BUSY_TTL_MS = 2_000

export const ELECTION_CASES = {
  'a lone candidate leads, and is given what it read before it won': async (scene) => {
    const one = scene.candidate({ coordinator: await scene.another(), candidate: 'one' })
    const term = await one.untilLeads()
    expect(term.candidate).toBe('one')
    expect(term.number).toBe(1)
    expect(one.seen).toEqual([one.looks])
  },
  'of several candidates one leads, through many renewals': async (scene) => {
    const candidates: Candidate[] = []
    for (const candidate of ['a', 'b', 'c', 'd']) {
      candidates.push(scene.candidate({ coordinator: await scene.another(), candidate, ttlMs: BUSY_TTL_MS }))
    }
    await until('one to lead', () => candidates.some((each) => each.leads()))
    const first = candidates.find((each) => each.leads())?.term
    const start = performance.now()
    await until('two TTLs to pass', () => {
      expect(candidates.filter((each) => each.leads()).length).toBeLessThanOrEqual(1)
      return performance.now() - start > 2 * BUSY_TTL_MS
    })
    expect(first?.trusted()).toBe(true)
    expect(candidates.flatMap((each) => each.terms)).toEqual([first])
  },
  'candidates of one name, as on one host, are two all the same': async (scene) => {
    const [first, second] = [await scene.another(), await scene.another()]
    const one = scene.candidate({ coordinator: first, candidate: 'host' })
    await one.untilLeads()
    const two = scene.candidate({ coordinator: second, candidate: 'host' })
    await until('the other to have tried', () => two.looks > 1)
    expect(two.terms).toEqual([])
    expect(one.leads()).toBe(true)
    await two.stop()
    expect(one.leads()).toBe(true)
  },
  'reads the state anew before each try': async (scene) => {
    const one = scene.candidate({ coordinator: await scene.another(), candidate: 'one', ttlMs: BUSY_TTL_MS })
    await one.untilLeads()
    const two = scene.candidate({ coordinator: await scene.another(), candidate: 'two', ttlMs: BUSY_TTL_MS })
    await until('two to have tried three times', () => two.looks >= 3)
    expect(two.terms).toEqual([])
    await one.stop()
    await two.untilLeads()
    expect(two.seen).toEqual([two.looks])
  },
  'a clean stop hands over at once: the others are told': async (scene) => {
    const one = scene.candidate({ coordinator: await scene.another(), candidate: 'one', ttlMs: LONG_TTL_MS })
    await one.untilLeads()
    const two = scene.candidate({ coordinator: await scene.another(), candidate: 'two', ttlMs: LONG_TTL_MS })
    await until('two to have tried', () => two.looks >= 1)
    const stopped = performance.now()
    await one.stop()
    await two.untilLeads()
    expect(performance.now() - stopped).toBeLessThan(DEAF_MS)
    expect(one.leads()).toBe(false)
  },
  'a resigned term hands over at once, and its own candidate stands back': async (scene) => {
    const one = scene.candidate({ coordinator: await scene.another(), candidate: 'one', ttlMs: LONG_TTL_MS })
    const term = await one.untilLeads()
    const two = scene.candidate({ coordinator: await scene.another(), candidate: 'two', ttlMs: LONG_TTL_MS })
    await until('two to have tried', () => two.looks >= 1)
    const resigned = performance.now()
    await term.resign()
    expect(term.signal.aborted).toBe(true)
    expect(term.trusted()).toBe(false)
    await two.untilLeads()
    expect(performance.now() - resigned).toBeLessThan(DEAF_MS)
    await term.resign()
    expect(two.leads()).toBe(true)
  },
  'a term whose work returns is over, and the next has a larger number': async (scene) => {
    const one = scene.candidate({ coordinator: await scene.another(), candidate: 'one' })
    const term = await one.untilLeads()
    one.finishTerm()
    await until('a second term', () => one.terms.length === 2)
    expect(term.trusted()).toBe(false)
    expect(term.signal.aborted).toBe(true)
    expect(one.terms.map((each) => each.number)).toEqual([1, 2])
    expect(one.running).toBe(1)
  },
  'work that throws is a fault, not the end of the campaign': async (scene) => {
    const coordinator = await scene.another()
    const stop = new AbortController()
    const faults: unknown[] = []
    let terms = 0
    let looks = 0
    const boom = new Error('boom')
    const ended = coordinator.elect(scene.name, {
      candidate: 'one',
      ttlMs: 1_000,
      signal: stop.signal,
      beforeCampaign: async () => {
        looks += 1
        if (looks === 1) throw boom
      },
      onTerm: async () => {
        terms += 1
        if (terms < 3) throw boom
        stop.abort()
      },
      onFault: (error) => faults.push(error),
    })
    await ended
    expect(terms).toBe(3)
    // A busy machine makes faults of its own: servers that do not answer in a tenth of the TTL.
    expect(faults.filter((fault) => fault === boom)).toHaveLength(3)
  },
  'ends when its signal has already aborted, or aborts before it wins': async (scene) => {
    const one = scene.candidate({ coordinator: await scene.another(), candidate: 'one' })
    await one.untilLeads()
    const two = scene.candidate({ coordinator: await scene.another(), candidate: 'two' })
    await until('two to have tried', () => two.looks >= 1)
    await two.stop()
    expect(two.terms).toEqual([])
    const three = scene.candidate({ coordinator: await scene.another(), candidate: 'three' })
    await three.stop()
    expect(three.leads()).toBe(false)
    expect(one.leads()).toBe(true)
  },
  'elections of different names do not know each other': async (scene) => {
    const coordinator = await scene.another()
    const stop = new AbortController()
    const won: string[] = []
    const elect = (name: string): Promise<void> =>
      coordinator.elect(name, {
        candidate: name,
        signal: stop.signal,
        beforeCampaign: async () => {},
        onTerm: async (term) => {
          won.push(name)
          await until('the end', () => term.signal.aborted)
        },
      })
    const both = [elect(`${scene.name}-left`), elect(`${scene.name}-right`)]
    await until('both to lead', () => won.length === 2)
    stop.abort()
    await Promise.all(both)
  },
  'closing the coordinator ends its elections and lets others lead': async (scene) => {
    const coordinator = await scene.another()
    const one = scene.candidate({ coordinator, candidate: 'one', ttlMs: LONG_TTL_MS })
    const term = await one.untilLeads()
    const two = scene.candidate({ coordinator: await scene.another(), candidate: 'two', ttlMs: LONG_TTL_MS })
    await until('two to have tried', () => two.looks >= 1)
    await coordinator.close()
    expect(term.trusted()).toBe(false)
    await one.ended
    await two.untilLeads(DEAF_MS)
    await coordinator.close()
    await expect(
      coordinator.elect(scene.name, {
        candidate: 'late',
        signal: new AbortController().signal,
        beforeCampaign: async () => {},
        onTerm: async () => {},
      }),
    ).rejects.toMatchObject({ code: 'BROKER_UNAVAILABLE' })
  },
  'refuses a TTL that cannot work': async (scene) => {
    const coordinator = await scene.another()
    for (const ttlMs of [0, 199, -1, Number.NaN, Number.POSITIVE_INFINITY, 86_400_001]) {
      const refused = coordinator.elect(scene.name, {
        candidate: 'one',
        ttlMs,
        signal: AbortSignal.abort(),
        beforeCampaign: async () => {},
        onTerm: async () => {},
      })
      await expect(refused).rejects.toMatchObject({ code: 'INVALID_OPTION' })
    }
  },
} satisfies Record<string, CoordinatorCase>
