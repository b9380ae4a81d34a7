import type { CallOptions, Epoch, Lane } from '@millrace/broker'
import type { FailureRecord } from '@millrace/core'
import { crashPoint } from '@millrace/core'
import type { Engine } from '../engine.js'
import { parseLane } from '../registry/lane-registry.js'
import { ackOutboxScript, deliverScript, readOutboxScript } from '../scripts.generated.js'

const ENTRY_FIELDS = 6

/**
 * Hands a lane's follow-ups to the lanes that they are for, then forgets them. Dying in between is harmless: the next
 * leader delivers them again, and the waiting job takes each input once.
 */
export async function drainOutbox(
  engine: Engine,
  lane: Lane,
  term: { readonly epoch: Epoch; readonly options: CallOptions },
): Promise<{ readonly delivered: number; readonly more: boolean }> {
  const epoch = String(term.epoch)
  const reply = (await engine.onLane(readOutboxScript, lane, [epoch], term.options)) as string[]
  const [last, ...fields] = reply
  if (last === undefined) return { delivered: 0, more: false }
  const byLane = new Map<string, string[]>()
  for (let i = 0; i < fields.length; i += ENTRY_FIELDS) {
    const entry = fields.slice(i, i + ENTRY_FIELDS)
    const target = entry[0] as string
    const entries = byLane.get(target)
    if (entries === undefined) byLane.set(target, entry)
    else entries.push(...entry)
  }
  const record = JSON.stringify(upstreamFailed())
  for (const [target, entries] of byLane) {
    await engine.onLane(deliverScript, parseLane(target), [epoch, record, ...entries], term.options)
  }
  crashPoint('outbox-delivered')
  const left = (await engine.onLane(ackOutboxScript, lane, [epoch, last], term.options)) as number
  return { delivered: fields.length / ENTRY_FIELDS, more: left > 0 }
}

function upstreamFailed(): FailureRecord {
  return {
    name: 'UpstreamFailed',
    message: 'A job that this one waited for did not succeed.',
    reason: 'upstream-failed',
    attempt: 0,
    at: Date.now(),
  }
}
