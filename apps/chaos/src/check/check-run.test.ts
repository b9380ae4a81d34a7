import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { AppReading } from './app-reading.js'
import { checkRun } from './check-run.js'
import type { EffectsInStore } from './effect-register.js'
import type { Evidence } from './evidence.js'
import { Findings, INVARIANTS } from './findings.js'
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
  leases: [],
  sparse: { attrs: [], attempts: [], crashes: [], history: [], cancels: [], waiters: [] },
  tombs: new Set(),
  outbox: 0,
  sessions: 0,
  uniqueKeys: [],
}
const QUIET: AppReading = { terms: [], termsSeen: [], schedules: [], keys: [] }

function ran(jobId: string, ...executions: Partial<Effect>[]): [string, Effect[]] {
  const plain = { jobId, attempt: 1, crashes: 0, token: '5', pid: 1, at: 0, key: '' }
  return [jobId, (executions.length === 0 ? [{}] : executions).map((execution) => ({ ...plain, ...execution }))]
}

interface Story {
  readonly ran?: [string, Effect[]][]
  /** `id token` → when. */
  readonly ended?: Record<string, number>
  readonly succeeded?: number
  readonly lane?: Partial<Omit<LaneReading, 'places'>> & { readonly places?: Partial<LaneReading['places']> }
  readonly app?: Partial<AppReading>
  readonly store?: Partial<EffectsInStore>
  readonly outcomes?: Record<string, string>
  readonly run?: Partial<Pick<Evidence, 'drained' | 'storeLoss' | 'clockMoved' | 'oneByOne'>>
}

function findingsOf(story: Story): Findings {
  const findings = new Findings()
  const { places, ...lane } = story.lane ?? {}
  const evidence: Evidence = {
    producer,
    effects: { executions: new Map(story.ran), ended: new Map(Object.entries(story.ended ?? {})), refused: [] },
    lane: {
      ...NOTHING,
      meta: { succeeded: String(story.succeeded ?? 0) },
      ...lane,
      places: { ...NOTHING.places, ...places },
    },
    app: { ...QUIET, ...story.app },
    store: { had: new Map(), stale: 0, repeated: 0, ...story.store },
    outcomes: new Map(Object.entries(story.outcomes ?? {})),
    drained: true,
    maxCrashes: 3,
    maxAttempts: 3,
    storeLoss: undefined,
    clockMoved: false,
    oneByOne: false,
    ...story.run,
  }
  checkRun(evidence, findings)
  return findings
}

const plain = (...ids: string[]) => producer.acknowledge(ids, { fate: 'succeeds', kept: false })
const kept = (...ids: string[]) => producer.acknowledge(ids, { fate: 'succeeds', kept: true })

describe('the checker', () => {
  it('accepts a run in which everything ended once, and says why it did not look at the rest', () => {
    plain('a', 'b')
    kept('c')
    const executions = [ran('a'), ran('b', { token: '5' }, { token: '6', crashes: 1 }), ran('c')]
    const findings = findingsOf({ ran: executions, succeeded: 3, outcomes: { c: 'S"5"' } })
    expect(findings.violations).toEqual([])
    expect(findings.effectsRepeated).toBe(1)
    const verdicts = findings.invariants()
    const skipped = INVARIANTS.filter((name) => verdicts[name] !== 'ok')
    expect(skipped).toEqual(['I5', 'I8', 'I9', 'I10'])
    for (const name of skipped) expect(verdicts[name]).toMatch(/^n\/a: ./)
  })

  it('finds a job that vanished without having run', () => {
    plain('a', 'b')
    expect(findingsOf({ ran: [ran('a')], succeeded: 1 })).toMatchObject({ lost: 1 })
  })

  it('finds a job that ran and vanished unsettled, by the counter', () => {
    plain('a', 'b')
    expect(findingsOf({ ran: [ran('a'), ran('b')], succeeded: 1 }).invariants().I1).toContain(
      '1 acknowledged jobs are lost',
    )
  })

  it('finds a job whose kept end is missing, and one that is known by its key only', () => {
    kept('a')
    expect(findingsOf({ ran: [ran('a')], succeeded: 1 })).toMatchObject({ lost: 1 })
    producer.expectKeys(['chain/1/0'], 'certain')
    const findings = findingsOf({ ran: [ran('a')], succeeded: 1, outcomes: { a: 'S"5"' } })
    expect(findings.invariants().I1).toContain('chain/1/0')
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

  it('finds one call that became two jobs', () => {
    producer.expectKeys(['chord/1/0'], 'unknown')
    const twice = [ran('m', { key: 'chord/1/0' }), ran('n', { key: 'chord/1/0' })]
    expect(findingsOf({ ran: twice, succeeded: 1, outcomes: { n: 'S"5"' } }).invariants().I2).toContain('exist twice')
  })

  it('finds a stale verdict that was accepted, and a reservation that ran twice', () => {
    kept('a')
    const twice = [ran('a', { token: '5' }, { token: '10' })]
    expect(findingsOf({ ran: twice, succeeded: 1, outcomes: { a: 'S"10"' } }).violations).toEqual([])
    expect(findingsOf({ ran: twice, succeeded: 1, outcomes: { a: 'S"5"' } }).invariants().I4).toContain('stale')
    expect(findingsOf({ ran: twice, succeeded: 1, outcomes: { a: 'S{"token":"5"}' } }).invariants().I4).toContain(
      'stale',
    )
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

  it('finds a queue that did not drain', () => {
    expect(findingsOf({ run: { drained: false } }).invariants().I12).toContain('did not drain')
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

  it('finds what a job has left behind', () => {
    const of = (...keys: string[]) => findingsOf({ app: { keys } }).invariants()
    expect(of('millrace:{a/q/0}:meta').I13).toBe('ok')
    expect(of('millrace:{a/q/0}:unique:t:k').I13).toContain('1 unique keys')
    expect(of('millrace:{a/q/0}:join:id').I13).toContain('1 join keys')
    expect(of('millrace:{a/q/0}:result:nobody').I11).toContain('1 outcomes are of no job')
    expect(findingsOf({ lane: { seats: ['s'] } }).invariants().I13).toContain('1 seats have no lease')
    expect(findingsOf({ lane: { outbox: 1 } }).invariants().I13).toContain('outbox')
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

  it('excuses a failover only for what had just been acknowledged, and says so', () => {
    kept('a')
    const at = producer.acknowledged.get('a')?.at ?? 0
    const lostAt = (failover: number) => findingsOf({ run: { storeLoss: { how: 'failed over', at: [failover] } } })
    expect(lostAt(at + 500).violations).toEqual([])
    expect(lostAt(at + 500).invariants().I1).toContain('n/a: 1 jobs')
    expect(lostAt(at + 5_000).invariants().I1).toContain('1 acknowledged jobs are lost')
  })

  it('asks nothing of a store about what it held before it was emptied', () => {
    kept('a')
    producer.voidAll()
    const emptied = { storeLoss: { how: 'emptied', at: [1] } } as const
    expect(findingsOf({ ran: [ran('a')], run: emptied }).violations).toEqual([])
    kept('b')
    expect(findingsOf({ ran: [ran('a')], run: emptied }).invariants().I1).toContain('e.g. b')
  })
})

describe('the checker of effects under a fence', () => {
  const fenced = (token: string) => ran('a', { key: 'fenced/1', token })
  const judge = (store: Partial<EffectsInStore>) => {
    kept('a')
    return findingsOf({ ran: [fenced('5')], succeeded: 1, outcomes: { a: 'S"5"' }, store }).invariants().I5
  }

  it('wants each once', () => expect(judge({ had: new Map([['fenced/1', 1]]) })).toBe('ok'))
  it('finds one that was had twice', () => expect(judge({ had: new Map([['fenced/1', 2]]) })).toContain('twice'))
  it('finds a success whose effect was refused', () => expect(judge({ stale: 1 })).toContain('refused their effect'))
})

describe('the checker of order', () => {
  const verdict = (executions: [string, Effect[]][], story: Story = {}) => {
    for (const [id] of executions) if (!producer.attempted(id)) plain(id)
    return findingsOf({ ran: executions, succeeded: executions.length, ...story }).invariants().I10
  }

  it('finds a job that ran before its time', () => {
    expect(verdict([ran('a', { key: 'delayed/1/1000', at: 1_000 })])).toBe('ok')
    expect(verdict([ran('a', { key: 'delayed/1/1000', at: 900 })])).toContain('before their time')
  })

  it('finds a step before the step before it, and a body before its last member', () => {
    const chain = [ran('a', { key: 'chain/1/0', at: 10 }), ran('b', { key: 'chain/1/1', at: 20 })]
    expect(verdict(chain, { ended: { 'a 5': 15 } })).toBe('ok')
    expect(verdict(chain, { ended: { 'a 5': 25 } })).toContain('what they wait for')
    const chord = [
      ran('m', { key: 'chord/1/0', at: 10 }),
      ran('n', { key: 'chord/1/1', at: 10 }),
      ran('z', { key: 'chord/1/body', at: 20 }),
    ]
    expect(verdict(chord, { ended: { 'm 5': 15, 'n 5': 16 } })).toBe('ok')
    expect(verdict(chord, { ended: { 'm 5': 15 } })).toContain('what they wait for')
  })

  it('finds two jobs of one unique key at once', () => {
    const two = [ran('a', { key: 'unique/1', at: 10 }), ran('b', { key: 'unique/1', at: 20 })]
    expect(verdict(two, { ended: { 'a 5': 15 } })).toBe('ok')
    expect(verdict(two, { ended: { 'a 5': 25 } })).toContain('ran at once')
  })

  it('finds a job that overtook another where one runs at a time', () => {
    const two = (first: string, second: string) => [
      ran('a', { key: 'fifo/1', token: first, at: Number(first) }),
      ran('b', { key: 'fifo/2', token: second, at: Number(second) }),
    ]
    expect(verdict(two('5', '6'), { run: { oneByOne: true } })).toBe('ok')
    expect(verdict(two('6', '5'), { run: { oneByOne: true } })).toContain('overtook')
    const together = [ran('a', { key: 'fifo/1', at: 2 }), ran('b', { key: 'fifo/2', at: 1 })]
    expect(verdict(together, { run: { oneByOne: true } })).toContain('overtook')
  })
})

describe('the checker of terms in the store', () => {
  const term = (epoch: bigint, leader: string) => ({ epoch, leader })
  const verdict = (app: Partial<AppReading>, epoch = '2') =>
    findingsOf({ app, lane: { meta: { epoch } } }).invariants().I8

  it('wants epochs that grow, each with one leader, and no other', () => {
    const terms = [term(3n, 'b'), term(2n, 'a')]
    expect(verdict({ terms })).toBe('ok')
    expect(verdict({ terms: [term(2n, 'b'), term(3n, 'a')] })).toContain('did not grow')
    expect(verdict({ terms, termsSeen: [term(3n, 'c')] })).toContain('several leaders')
    expect(verdict({ terms }, '9')).toContain('never minted')
  })
})

describe('the checker of a metronome', () => {
  const schedules = [{ name: 'm', everyMs: 500, watermark: 2_000 }]
  const tick = (id: string, at: number) => ran(id, { key: `tick/m/${at}` })
  const verdict = (...ticks: [string, Effect[]][]) => {
    const outcomes = Object.fromEntries(ticks.map(([id]) => [id, 'S"5"']))
    return findingsOf({ ran: ticks, succeeded: ticks.length, outcomes, app: { schedules } }).invariants().I9
  }

  it('wants each tick up to the watermark once, at its instant', () => {
    expect(verdict(tick('a', 1_000), tick('b', 1_500), tick('c', 2_000))).toBe('ok')
    expect(verdict(tick('a', 1_000), tick('c', 2_000))).toContain('made no job, e.g. 1500')
    expect(verdict(tick('a', 1_000), tick('b', 1_500))).toContain('made no job, e.g. 2000')
    expect(verdict(tick('a', 1_000), tick('b', 1_000), tick('c', 1_500), tick('d', 2_000))).toContain('two jobs')
    expect(verdict(tick('a', 1_000), tick('b', 1_500), tick('c', 1_700), tick('d', 2_000))).toContain(
      'off the interval',
    )
    expect(verdict()).toContain('never ticked')
  })
})
