import { describe, expect, it } from 'vitest'
import { readArguments, UsageError } from './arguments.js'
import { orderOfRuns } from './run/order-of-runs.js'
import { SCENARIOS } from './scenario-catalogue.js'

const runs = (...argv: string[]) => orderOfRuns(readArguments(argv), () => 99)

describe('the command line', () => {
  it('orders one scenario at its own size, or as told', () => {
    expect(runs('--scenario', 'freezes')[0]).toMatchObject({ title: 'freezes', seed: 99, size: { faults: 50 } })
    const told = runs('--scenario', 'freezes', '--seed', '3', '--faults', '2', '--jobs', '5')[0]
    expect(told).toMatchObject({ seed: 3, size: { jobs: 5, faults: 2 } })
  })

  it('orders sets: all, those in ci at their small size, and what once broke', () => {
    expect(runs()).toHaveLength(SCENARIOS.length)
    expect(runs('--scenario', 'ci').every(({ scenario, size }) => size.jobs === scenario.ci?.jobs)).toBe(true)
    expect(runs('--scenario', 'regressions')[0]).toMatchObject({ title: 'good-job-failed-as-poison' })
  })

  it('takes a workload where a scenario leaves it open', () => {
    expect(runs('--scenario', 'worker-kills', '--workload', 'chord')[0]?.workload).toBe('chord')
    expect(() => runs('--scenario', 'freezes', '--workload', 'chord')).toThrow('has jobs of its own')
  })

  it.each([
    [['--scenario', 'none'], 'no scenario'],
    [['--seed', 'x'], 'whole number'],
    [['--faults', '0'], 'from 1 on'],
    [['--workload', 'none'], 'no workload'],
    [['--none'], '--none'],
  ])('refuses %j', (argv, text) => {
    expect(() => runs(...argv)).toThrow(UsageError)
    expect(() => runs(...argv)).toThrow(text)
  })
})
