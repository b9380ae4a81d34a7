import type { ScheduleDefinition, SchedulePut, StoredSchedule } from '@millrace/broker'
import { MAX_SCHEDULES_A_CALL } from '@millrace/broker'
import { BrokerUnavailableError, MAX_BATCH_BYTES, nextTick, type ScheduleSpec } from '@millrace/core'
import { callOptions, type MonitorScope } from './monitor-scope.js'
import { schedulesOf } from './schedule-port.js'

/** Others that write the same schedules can overtake so often. */
const TRIES = 10

export interface PutOptions {
  /** Asked before each write that follows an overtaken one; false ends it. */
  readonly goOn?: () => Promise<boolean>
}

/**
 * Stores schedules under their names. One that is there already keeps its counts and its pause, and its next tick too where its
 * timing is the same; a new or changed timing counts from now on. Resolves to the names that were new or changed.
 */
export async function putSchedules(
  scope: MonitorScope,
  wanted: readonly ScheduleDefinition[],
  options: PutOptions = {},
): Promise<string[]> {
  const schedules = await schedulesOf(scope)
  const changed: string[] = []
  for (const batch of batches(wanted)) {
    let left = batch
    for (let attempt = 0; left.length > 0; attempt++) {
      if (attempt > 0 && options.goOn !== undefined && !(await options.goOn())) return changed
      if (attempt === TRIES) throw new BrokerUnavailableError({ what: `put of schedules: overtaken ${TRIES} times` })
      const { now, schedules: found } = await schedules.read(
        left.map(({ name }) => name),
        callOptions(scope),
      )
      const puts = left.flatMap((definition, index) => planPut(definition, found[index], now) ?? [])
      const answers = puts.length === 0 ? [] : await schedules.put(puts, callOptions(scope))
      changed.push(...puts.filter((_, index) => answers[index]).map((put) => put.definition.name))
      left = puts.filter((_, index) => !answers[index]).map((put) => put.definition)
    }
  }
  return changed
}

/** `undefined`: it is stored just so. */
export function planPut(
  wanted: ScheduleDefinition,
  current: StoredSchedule | undefined,
  now: number,
): SchedulePut | undefined {
  const definition = { ...wanted, spec: anchored(wanted.spec, current?.spec, now) }
  if (current === undefined) {
    const next = nextTick(definition.spec, now)
    return { definition, seen: undefined, nextTick: next, watermark: now, paused: false }
  }
  if (sameText(definition, definitionOf(current))) return undefined
  const { revision: seen, paused } = current
  const keeps = current.nextTick !== undefined && sameText(whenOf(definition.spec), whenOf(current.spec))
  if (keeps && !isOver(definition.spec, current)) {
    return { definition, seen, nextTick: current.nextTick, watermark: current.watermark, paused }
  }
  return { definition, seen, paused, ...startingAt(definition.spec, current, now) }
}

/** Where a schedule begins that was paused, changed or over. */
export function startingAt(
  spec: ScheduleSpec,
  { paused, watermark, fired }: Pick<StoredSchedule, 'paused' | 'watermark' | 'fired'>,
  now: number,
): { readonly nextTick: number | undefined; readonly watermark: number } {
  // A pause deals with no tick: the watermark stays, also over one that is due this moment. Going on skips what has passed.
  if (paused || isOver(spec, { fired })) return { nextTick: undefined, watermark }
  const from = Math.max(now, watermark)
  return { nextTick: nextTick(spec, from), watermark: from }
}

export function definitionOf({ name, spec, call, owner }: StoredSchedule): ScheduleDefinition {
  return { name, spec, call, ...(owner !== undefined && { owner }) }
}

/** An interval without a start counts from when it was first stored, and goes on so when the rest changes. */
function anchored(spec: ScheduleSpec, current: ScheduleSpec | undefined, now: number): ScheduleSpec {
  const { timing } = spec
  if (timing.kind !== 'every' || timing.anchorMs !== undefined) return spec
  const before = current?.timing
  const same = before?.kind === 'every' && before.everyMs === timing.everyMs ? before.anchorMs : undefined
  return { ...spec, timing: { ...timing, anchorMs: same ?? now } }
}

function whenOf({ timing, startMs, endMs, enabled }: ScheduleSpec) {
  return { timing, startMs, endMs, enabled }
}

function isOver(spec: ScheduleSpec, { fired }: { readonly fired: number }): boolean {
  return spec.limit !== undefined && fired >= spec.limit
}

/** The order of keys does not count. */
function sameText(a: unknown, b: unknown): boolean {
  return sortedJson(a) === sortedJson(b)
}

function sortedJson(value: unknown): string {
  return JSON.stringify(value, (_, each: unknown) =>
    typeof each === 'object' && each !== null && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1)))
      : each,
  )
}

function batches(definitions: readonly ScheduleDefinition[]): ScheduleDefinition[][] {
  const found: ScheduleDefinition[][] = []
  let bytes = Number.POSITIVE_INFINITY
  for (const definition of definitions) {
    const size = Buffer.byteLength(definition.call.inputJson) + 1_000
    const last = found.at(-1)
    if (last === undefined || last.length === MAX_SCHEDULES_A_CALL || bytes + size > MAX_BATCH_BYTES) {
      found.push([definition])
      bytes = size
    } else {
      last.push(definition)
      bytes += size
    }
  }
  return found
}
