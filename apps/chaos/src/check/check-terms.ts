import type { FencedCall, LedTerm, Terms } from '../leader/term-ledger.js'
import type { Findings } from './findings.js'

/** A leader is not silent for so long while schedules tick: only a frozen one is. */
const FROZEN_MS = 400

/** A term as the store has it. */
export interface StoredTerm {
  readonly epoch: number
  readonly pid: number
}

export interface TermEvidence {
  /** What the candidates put on record. */
  readonly terms: Terms
  /** Every term that the store was seen to have, oldest first. */
  readonly stored: readonly StoredTerm[]
}

/**
 * I8: one leader per epoch, epochs only rise, and who leads by the lock has stepped down by its own clock before another wins it.
 * Terms that were usurped by our hook break the last on purpose; the first two hold for them as well.
 */
export function checkTerms({ terms, stored }: TermEvidence, findings: Findings): void {
  const { led, calls, refused } = terms
  const leaders = new Map<number, Set<number>>()
  const note = (epoch: number, pid: number) => leaders.set(epoch, (leaders.get(epoch) ?? new Set()).add(pid))
  for (const { epoch, pid } of led) note(epoch, pid)
  for (const { epoch, pid } of stored) note(epoch, pid)
  for (const { epoch, pid } of calls) note(epoch, pid)
  const shared = [...leaders].filter(([, pids]) => pids.size > 1)
  findings.check('I8', shared.length === 0, () => `${shared.length} epochs had several leaders, e.g. ${shared[0]?.[0]}`)
  const epochs = led.map(({ epoch }) => epoch)
  const twice = epochs.length - new Set(epochs).size
  findings.check('I8', twice === 0, () => `${twice} epochs were minted twice`)
  const falling = stored.filter(({ epoch }, index) => epoch <= (stored[index - 1]?.epoch ?? 0))
  findings.check('I8', falling.length === 0, () => `epochs fell, e.g. to ${falling[0]?.epoch}`)
  const late = lateCalls(terms)
  findings.check('I8', late.length === 0, () => `${late.length} calls were begun after another had won: ${late[0]}`)
  findings.details.terms = led.length
  findings.details.usurpedTerms = led.filter(({ usurped }) => usurped).length
  findings.details.fencedCalls = calls.length
  findings.details.refusedByVerb = countBy(refused.map(({ verb }) => verb))
}

/**
 * Calls of a leader by the lock that it began after a later leader by the lock had won it. But for `endTerm`, which notes that the term is
 * over and touches no newer one's. And but for the one call that a frozen process had checked its term for before it froze: no clock can
 * keep that back, the store has to refuse it.
 */
function lateCalls({ led, calls, refused }: Terms): string[] {
  const byLock = led.filter(({ usurped }) => !usurped)
  const successor = new Map<number, LedTerm>()
  byLock.forEach((term, index) => {
    const next = byLock[index + 1]
    if (next !== undefined) successor.set(term.epoch, next)
  })
  return calls.flatMap(({ epoch, verb, pid, at }) => {
    const next = successor.get(epoch)
    if (next === undefined || verb === 'endTerm' || at <= next.askedAt) return []
    const silentFor = at - (lastCallBefore(calls, pid, at) ?? at)
    const wasRefused = refused.some(
      (call) => call.epoch === epoch && call.verb === verb && call.pid === pid && call.at >= at,
    )
    if (silentFor >= FROZEN_MS && wasRefused) return []
    return [`${verb} of ${pid} under ${epoch}, ${at - next.askedAt} ms after ${next.pid} had the lock`]
  })
}

/** When a process made the call before the one at `at`. */
function lastCallBefore(calls: readonly FencedCall[], pid: number, at: number): number | undefined {
  return calls.findLast((call) => call.pid === pid && call.at < at)?.at
}

function countBy(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1
  return counts
}
