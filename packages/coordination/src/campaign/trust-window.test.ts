import { describe, expect, test } from 'vitest'
import { driftMs, marginMs, nodeTimeoutMs, renewEveryMs, trustedUntil, validityMs } from './trust-window.js'

/** mulberry32: one seed, one run. */
function randomOf(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}

describe('trust window', () => {
  test('the figures of the default TTL', () => {
    const claim = { startedAt: 1_000, ttlMs: 8_000 }
    expect(driftMs(8_000)).toBe(82)
    expect(marginMs(8_000)).toBe(800)
    expect(renewEveryMs(8_000)).toBeCloseTo(2_666.7, 1)
    expect(nodeTimeoutMs(8_000)).toBe(800)
    expect(trustedUntil(claim)).toBe(1_000 + 8_000 - 82 - 800)
    expect(validityMs(claim, 1_100)).toBe(8_000 - 100 - 82)
  })

  test('margin and node timeout stay within their bounds', () => {
    expect(marginMs(1_000)).toBe(200)
    expect(marginMs(300)).toBe(100)
    expect(marginMs(60_000)).toBe(6_000)
    expect(nodeTimeoutMs(200)).toBe(50)
    expect(nodeTimeoutMs(60_000)).toBe(1_000)
    for (const ttlMs of [200, 500, 1_000, 8_000, 86_400_000]) {
      expect(nodeTimeoutMs(ttlMs)).toBeLessThan(renewEveryMs(ttlMs))
      expect(trustedUntil({ startedAt: 0, ttlMs })).toBeGreaterThan(renewEveryMs(ttlMs))
    }
  })

  test('2,000 seeds: who trusts holds the lock, whatever is delayed, lost or frozen, on clocks up to 1 % apart', () => {
    const breaches = Array.from({ length: 2_000 }, (_, index) => simulate(index + 1)).flat()
    expect(breaches).toEqual([])
  })
})

/** A holder's life against three servers' clocks, in true time: the moments when it trusts what a majority has let go of. */
function simulate(seed: number): string[] {
  const breaches: string[] = []
  const random = randomOf(seed)
  const ttlMs = 200 + Math.floor(random() * 20_000)
  // A server's clock runs up to 1 % faster than the holder's: it lets go early by as much.
  const rates = [1 + random() * 0.01, 1 + random() * 0.01, 1 + random() * 0.01]
  const expiry = [0, 0, 0]
  let now = random() * 1e6
  let until = Number.NEGATIVE_INFINITY
  for (let step = 0; step < 30; step += 1) {
    const startedAt = now
    let yes = 0
    for (const [node, rate] of rates.entries()) {
      const there = random() * ttlMs * 0.2
      const lost = random() < 0.25
      // A request whose answer is lost may have been carried out.
      if (!lost || random() < 0.5) expiry[node] = startedAt + there + Math.floor(ttlMs / rate)
      if (!lost) yes += 1
    }
    // The call's own duration, with a freeze now and then.
    now += random() * ttlMs * 0.3 + (random() < 0.1 ? random() * ttlMs * 2 : 0)
    const claim = { startedAt, ttlMs }
    if (yes >= 2 && (until === Number.NEGATIVE_INFINITY || now < until)) {
      if (now < trustedUntil(claim)) {
        if (validityMs(claim, now) <= 0) breaches.push(`seed ${seed}, step ${step}: trusts without validity`)
        until = trustedUntil(claim)
      }
    }
    // Looked at when it trusts for the last time before the next renewal.
    const look = Math.min(now + renewEveryMs(ttlMs), until - 0.001)
    const holding = expiry.filter((end) => end > look).length
    if (look >= now && holding < 2) breaches.push(`seed ${seed}, step ${step}: ${holding} servers hold`)
    now += renewEveryMs(ttlMs)
    if (now >= until) until = Number.NEGATIVE_INFINITY
  }
  return breaches
}
