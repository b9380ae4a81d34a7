import { expect, it } from 'vitest'
import type { Operation } from '../src/operations/operation.js'
import { runScenario } from '../src/run/run-scenario.js'
import { stormScenario } from '../src/run/storm.js'

/** What a run did, as its operations saw it. */
async function strikesOf(seed: number, signal: AbortSignal): Promise<readonly string[]> {
  const strikes: string[] = []
  const recorded = (name: string): Operation => ({
    name,
    strike: async (_scene, { lastsMs, choice }) => {
      strikes.push(`${name} for ${lastsMs} ms at ${choice}`)
    },
  })
  const scenario = stormScenario({
    name: 'seed',
    about: 'faults that only note themselves',
    full: { jobs: 20, faults: 6, minutes: 0 },
    ci: undefined,
    workload: 'no-op',
    kinds: ['a', 'b'].map((name) => ({ operation: recorded(name), lastsMs: [1, 1_000] })),
    everyMs: [0, 10],
    resumeMs: 30_000,
  })
  await runScenario(scenario, { seed, size: scenario.full, say: () => undefined, signal })
  return strikes
}

it('repeats the schedule of faults in a run, and another seed gives another', { timeout: 60_000 }, async ({
  signal,
}) => {
  const first = await strikesOf(7, signal)
  expect(first).toHaveLength(6)
  expect(await strikesOf(7, signal)).toEqual(first)
  expect(await strikesOf(8, signal)).not.toEqual(first)
})
