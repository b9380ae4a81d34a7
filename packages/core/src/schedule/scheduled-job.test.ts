import { describe, expect, test } from 'vitest'
import { laneOfJobId } from '../id/job-id.js'
import { jitteredTick, scheduledJobId } from './scheduled-job.js'

describe('jobs of ticks', () => {
  test('jitter is fixed by name and tick, within its bound, and spreads', () => {
    const delays = Array.from({ length: 1_000 }, (_, index) => jitteredTick(`s${index}`, 60_000, 10_000) - 60_000)
    expect(Math.min(...delays)).toBeGreaterThanOrEqual(0)
    expect(Math.max(...delays)).toBeLessThanOrEqual(10_000)
    expect(Math.min(...delays)).toBeLessThan(500)
    expect(Math.max(...delays)).toBeGreaterThan(9_500)
    expect(jitteredTick('a', 5, 100)).toBe(jitteredTick('a', 5, 100))
    expect(jitteredTick('a', 5, 0)).toBe(5)
  })

  test('all jobs of one schedule share a lane', () => {
    const lanes = new Set(
      Array.from({ length: 50 }, (_, index) => laneOfJobId(scheduledJobId('a:b', index * 60_000), 16)),
    )
    expect(lanes.size).toBe(1)
    const others = new Set(Array.from({ length: 50 }, (_, index) => laneOfJobId(scheduledJobId(`s${index}`, 0), 16)))
    expect(others.size).toBeGreaterThan(5)
  })
})
