import type { Settlement } from '@millrace/broker'
import type { Verdict } from '@millrace/core'
import { RecordHeads } from './record-heads.js'
import { takeWhole } from './reservation.js'

/** Settlements as arguments of exchange.lua (lua/settle.lua names the groups), in the order of its ordinals. */
export interface EncodedSettlements {
  readonly args: string[]
  readonly ordered: readonly Settlement[]
}

/** Groups settlements by token and kind; a whole exchange that simply succeeded is one group of three arguments. */
export function encodeSettlements(settlements: readonly Settlement[], args: string[]): EncodedSettlements {
  if (settlements.length === 0) return { args, ordered: settlements }
  const byToken = new Map<string, Settlement[]>()
  let last: Settlement[] | undefined
  let lastToken = ''
  for (const settlement of settlements) {
    const token = settlement.reservation.token
    if (token !== lastToken || last === undefined) {
      last = byToken.get(token)
      if (last === undefined) {
        last = []
        byToken.set(token, last)
      }
      lastToken = token
    }
    last.push(settlement)
  }
  const ordered: Settlement[] = []
  for (const [token, group] of byToken) encodeToken(token, group, { args, ordered })
  return { args, ordered }
}

function encodeToken(
  token: string,
  group: readonly Settlement[],
  out: { args: string[]; ordered: Settlement[] },
): void {
  const { args, ordered } = out
  const whole = takeWhole(group)
  const plain: Settlement[] = []
  const withOutput = new Map<number, Settlement[]>()
  const others: Settlement[] = []
  for (const settlement of group) {
    const verdict = settlement.verdict
    if (verdict.kind !== 'succeed') others.push(settlement)
    else if (verdict.keepMs === 0 && verdict.outputJson === undefined && !settlement.reservation.feeds)
      plain.push(settlement)
    else pushTo(withOutput, verdict.keepMs, settlement)
  }
  if (plain.length > 0) {
    if (whole && plain.length === group.length) {
      args.push('A', token, String(plain.length))
    } else {
      args.push('P', token, String(plain.length))
      for (const { reservation } of plain) args.push(reservation.id)
    }
    for (const settlement of plain) ordered.push(settlement)
  }
  for (const [keepMs, settlements] of withOutput) {
    args.push('R', token, String(settlements.length), milliseconds(keepMs))
    for (const { reservation, verdict } of settlements) {
      args.push(reservation.id, verdict.kind === 'succeed' ? (verdict.outputJson ?? '') : '')
    }
    ordered.push(...settlements)
  }
  if (others.length > 0) {
    const heads = new RecordHeads()
    const rows: string[] = []
    for (const settlement of others) encodeOther(settlement, rows, heads)
    args.push('X', token, String(others.length), String(heads.texts.length), ...heads.texts, ...rows)
    ordered.push(...others)
  }
}

function encodeOther({ reservation, verdict }: Settlement, rows: string[], heads: RecordHeads): void {
  const [kind, number, record] = kindOf(verdict, heads)
  rows.push(reservation.id, kind, number, record, String(reservation.attemptsUsed + 1))
}

function kindOf(verdict: Verdict, heads: RecordHeads): [kind: string, number: string, record: string] {
  switch (verdict.kind) {
    case 'retry':
      return ['r', milliseconds(verdict.delayMs), heads.recordOf(verdict.failure)]
    case 'fail':
      return ['f', milliseconds(verdict.keepMs), heads.recordOf(verdict.failure)]
    case 'release':
      return ['l', milliseconds(verdict.delayMs), '']
    case 'cancel':
      return ['c', '0', '']
    case 'succeed':
      throw new Error('a success is encoded by its output')
  }
}

/** 100 years: an expiry that Redis takes. */
const MAX_MS = 100 * 365 * 86_400_000

/** A verdict must never be refused for its number: what is none counts as 0, what is too much as the most. */
export function milliseconds(ms: number): string {
  return String(Math.min(MAX_MS, Math.max(0, Math.round(ms) || 0)))
}

function pushTo(map: Map<number, Settlement[]>, key: number, settlement: Settlement): void {
  const list = map.get(key)
  if (list === undefined) map.set(key, [settlement])
  else list.push(settlement)
}
