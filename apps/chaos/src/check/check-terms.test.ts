import { describe, expect, it } from 'vitest'
import type { Terms } from '../leader/term-ledger.js'
import { checkTerms, type TermEvidence } from './check-terms.js'
import { checkTicks } from './check-ticks.js'
import { Findings } from './findings.js'

const led = (epoch: number, pid: number, askedAt: number, usurped = false) => ({ epoch, pid, askedAt, usurped })
const call = (epoch: number, pid: number, at: number, verb = 'promoteDue') => ({ epoch, pid, at, verb })
const SOUND: Terms = {
  led: [led(10, 1, 100), led(20, 2, 200), led(30, 1, 300)],
  calls: [call(10, 1, 150), call(20, 2, 250), call(10, 1, 260, 'endTerm'), call(30, 1, 350)],
  refused: [],
}
const STORED = SOUND.led.map(({ epoch, pid }) => ({ epoch, pid }))

function judge(evidence: Partial<TermEvidence>): string {
  const findings = new Findings()
  checkTerms({ terms: SOUND, stored: STORED, ...evidence }, findings)
  return findings.invariants().I8
}

describe('the checker of terms', () => {
  it('passes what is sound', () => expect(judge({})).toBe('ok'))

  it('sees two leaders of one epoch, in a ledger or in the store', () => {
    expect(judge({ terms: { ...SOUND, calls: [...SOUND.calls, call(20, 1, 250)] } })).toContain('several leaders')
    expect(judge({ stored: [{ epoch: 10, pid: 3 }] })).toContain('several leaders')
  })

  it('sees an epoch that was minted twice, and one that fell', () => {
    expect(judge({ terms: { ...SOUND, led: [...SOUND.led, led(30, 1, 400)] } })).toContain('minted twice')
    expect(judge({ stored: [...STORED].reverse() })).toContain('fell')
  })

  it('sees a leader that went on after another had the lock, but excuses who was overtaken by our hook', () => {
    expect(judge({ terms: { ...SOUND, calls: [call(10, 1, 201)] } })).toContain('after another had won')
    const thawed = { ...SOUND, calls: [call(10, 1, 150), call(10, 1, 700)] }
    expect(judge({ terms: thawed })).toContain('after another had won')
    expect(judge({ terms: { ...thawed, refused: [call(10, 1, 702)] } })).toBe('ok')
    const twice = {
      ...thawed,
      calls: [...thawed.calls, call(10, 1, 701)],
      refused: [call(10, 1, 702), call(10, 1, 702)],
    }
    expect(judge({ terms: twice })).toContain('after another had won')
    const usurped = { led: [led(10, 1, 100), led(20, 2, 200, true)], calls: [call(10, 1, 201)], refused: [] }
    expect(judge({ terms: usurped })).toBe('ok')
  })
})

describe('the checker of ticks', () => {
  const effect = { attempt: 1, crashes: 0, token: '1', pid: 1, at: 1, key: '' }
  const ran = (...ids: string[]) => {
    const executions = new Map<string, (typeof effect & { jobId: string })[]>()
    for (const jobId of ids) executions.set(jobId, [...(executions.get(jobId) ?? []), { jobId, ...effect }])
    return { executions, ended: new Map<string, number>(), refused: [] }
  }
  const judgeTicks = (...ids: string[]) => {
    const findings = new Findings()
    checkTicks(['schedule:a:1', 'schedule:a:2'], ran(...ids), findings)
    return findings.invariants().I9
  }

  it('wants each tick once, and no other', () => {
    expect(judgeTicks('schedule:a:1', 'schedule:a:2', 'other')).toBe('ok')
    expect(judgeTicks('schedule:a:1')).toContain('made no job')
    expect(judgeTicks('schedule:a:1', 'schedule:a:1', 'schedule:a:2')).toContain('made two jobs')
    expect(judgeTicks('schedule:a:1', 'schedule:a:2', 'schedule:a:3')).toContain('that are none')
  })
})
