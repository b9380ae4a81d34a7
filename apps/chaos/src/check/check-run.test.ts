import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { checkRun, type Evidence } from './check-run.js'
import { Findings } from './findings.js'
import type { LaneReading } from './lane-reading.js'
import { ProducerLedger } from './producer-ledger.js'
import type { Effect } from './read-effects.js'

let dir: string
let producer: ProducerLedger
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'millrace-check-'))
  producer = new ProducerLedger(join(dir, 'producer.ledger'))
})
afterEach(() => rmSync(dir, { recursive: true }))

const NOTHING: LaneReading = {
  meta: {},
  jobs: new Set(),
  places: { ready: [], suspects: [], solo: [], urgent: [], background: [], due: [], parked: [], failed: [] },
  held: [],
  seats: [],
  sparse: { attrs: [], attempts: [], crashes: [], history: [], cancels: [], waiters: [] },
  tombs: new Set(),
  outbox: 0,
  sessions: 0,
  uniqueKeys: [],
}

function ran(jobId: string, ...executions: Partial<Effect>[]): [string, Effect[]] {
  const plain = { jobId, attempt: 1, crashes: 0, token: '5', pid: 1, at: 0 }
  return [jobId, (executions.length === 0 ? [{}] : executions).map((execution) => ({ ...plain, ...execution }))]
}

interface Story {
  readonly ran?: [string, Effect[]][]
  readonly succeeded?: number
  readonly lane?: Partial<Omit<LaneReading, 'places'>> & { readonly places?: Partial<LaneReading['places']> }
  readonly outcomes?: Record<string, string>
}

function findingsOf(story: Story): Findings {
  const findings = new Findings()
  const { places, ...lane } = story.lane ?? {}
  const evidence: Evidence = {
    producer,
    effects: { executions: new Map(story.ran), ended: new Set(), refused: [] },
    lane: {
      ...NOTHING,
      meta: { succeeded: String(story.succeeded ?? 0) },
      ...lane,
      places: { ...NOTHING.places, ...places },
    },
    outcomes: new Map(Object.entries(story.outcomes ?? {})),
    drained: true,
    maxCrashes: 3,
    maxAttempts: 3,
  }
  checkRun(evidence, findings)
  return findings
}

const plain = (...ids: string[]) => producer.acknowledge(ids, { fate: 'succeeds', kept: false })
const kept = (...ids: string[]) => producer.acknowledge(ids, { fate: 'succeeds', kept: true })

describe('the checker', () => {
  it('accepts a run in which everything ended once', () => {
    plain('a', 'b')
    kept('c')
    const executions = [ran('a'), ran('b', { token: '5' }, { token: '6', crashes: 1 }), ran('c')]
    const findings = findingsOf({ ran: executions, succeeded: 3, outcomes: { c: 'S"5"' } })
    expect(findings.violations).toEqual([])
    expect(findings.effectsRepeated).toBe(1)
  })

  it('finds a job that vanished without having run', () => {
    plain('a', 'b')
    expect(findingsOf({ ran: [ran('a')], succeeded: 1 })).toMatchObject({ lost: 1 })
  })

  it('finds a job that ran and vanished unsettled, by the counter', () => {
    plain('a', 'b')
    expect(findingsOf({ ran: [ran('a'), ran('b')], succeeded: 1 })).toMatchObject({ lost: 1 })
  })

  it('finds a job whose kept end is missing', () => {
    kept('a')
    expect(findingsOf({ ran: [ran('a')], succeeded: 1 })).toMatchObject({ lost: 1 })
  })

  it('finds a success that was counted twice', () => {
    plain('a')
    const findings = findingsOf({ ran: [ran('a')], succeeded: 2 })
    expect(findings.settledTwice).toBe(1)
    expect(findings.invariants().I3).toContain('2 successes')
  })

  it('finds what nobody enqueued, and lets a call of unknown outcome have happened or not', () => {
    producer.leaveUnknown(['u', 'v'], { fate: 'succeeds', kept: false })
    expect(findingsOf({ ran: [ran('u')], succeeded: 1 }).violations).toEqual([])
    expect(findingsOf({ ran: [ran('u'), ran('x')], succeeded: 1 })).toMatchObject({ unexpected: 1 })
  })

  it('finds a stale verdict that was accepted, and a reservation that ran twice', () => {
    kept('a')
    const twice = [ran('a', { token: '5' }, { token: '10' })]
    expect(findingsOf({ ran: twice, succeeded: 1, outcomes: { a: 'S"10"' } }).violations).toEqual([])
    expect(findingsOf({ ran: twice, succeeded: 1, outcomes: { a: 'S"5"' } }).invariants().I4).toContain('stale')
    const same = [ran('a', { token: '5' }, { token: '5' })]
    expect(findingsOf({ ran: same, succeeded: 1, outcomes: { a: 'S"5"' } }).invariants().I4).toContain('twice')
  })

  it('finds a stuck job, and says where', () => {
    plain('a')
    const held = [{ seat: 's', token: '5', ids: ['a'] }]
    const findings = findingsOf({ ran: [ran('a')], lane: { jobs: new Set(['a']), held } })
    expect(findings.stuck).toBe(1)
    expect(findings.invariants().I6).toContain('held 1')
  })

  it('finds a job in no structure, in two, an entry without a job, a fact without a job', () => {
    plain('a', 'b')
    const jobs = new Set(['a', 'b'])
    const findings = findingsOf({
      lane: { jobs, places: { ready: ['a', 'z'], due: ['a'] }, sparse: { ...NOTHING.sparse, crashes: ['y'] } },
    })
    expect(findings.invariants().I1).toContain('no structure, e.g. b')
    expect(findings.invariants().I1).toContain('several structures, e.g. a')
    expect(findings.invariants().I11).toContain('e.g. z')
    expect(findings.invariants().I11).toContain('crashes speaks of 1')
  })

  it('finds a good job that failed, a bad one that did not, and one that ran beyond its bounds', () => {
    plain('a')
    producer.acknowledge(['bad'], { fate: 'fails', kept: false })
    const findings = findingsOf({
      ran: [ran('a'), ran('bad', { crashes: 3 })],
      succeeded: 1,
      lane: { jobs: new Set(['a']), places: { failed: ['a'] } },
    })
    expect(findings.invariants().I1).toContain('1 good jobs failed')
    expect(findings.invariants().I1).toContain('1 bad jobs succeeded')
    expect(findings.invariants().I7).toContain('bad')
  })
})
