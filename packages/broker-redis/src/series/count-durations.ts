import { type CallOptions, DURATION_BOUNDS_MS, MAX_DURATION_TASKS, type TaskDurations } from '@millrace/broker'
import type { Engine } from '../engine.js'
import { appKey } from '../keyspace.js'
import { countDurationsScript } from '../scripts.generated.js'

const BUCKETS = DURATION_BOUNDS_MS.length + 1
/** Of one call of the script. */
const MAX_TASKS = 100

/** Adds to the app's durations. */
export async function countDurations(
  engine: Engine,
  durations: readonly TaskDurations[],
  options?: CallOptions,
): Promise<void> {
  for (let from = 0; from < durations.length; from += MAX_TASKS) {
    const args = [String(BUCKETS), String(MAX_DURATION_TASKS)]
    for (const { task, sumMs, counts } of durations.slice(from, from + MAX_TASKS)) {
      args.push(task, whole(sumMs))
      for (let bucket = 0; bucket < BUCKETS; bucket++) args.push(whole(counts[bucket]))
    }
    await engine.onApp(countDurationsScript, args, options)
  }
}

/** Of a `durations` hash: `s:mail.send`, `1250`, `3:mail.send`, `5`, … */
export async function readDurations(engine: Engine, options: CallOptions = {}): Promise<readonly TaskDurations[]> {
  const call = { what: () => 'read of durations', ...options }
  const row = (await engine.link.command('hgetall', [appKey(engine.keyspace, 'durations')], call)) as Fields
  const tasks = new Map<string, { sumMs: number; counts: number[] }>()
  for (const [field, text] of entriesOf(row)) {
    const colon = field.indexOf(':')
    const task = field.slice(colon + 1)
    const sum = tasks.get(task) ?? { sumMs: 0, counts: new Array<number>(BUCKETS).fill(0) }
    tasks.set(task, sum)
    const bucket = field.slice(0, colon)
    if (bucket === 's') sum.sumMs = Number(text)
    else sum.counts[Number(bucket)] = Number(text)
  }
  return [...tasks].map(([task, sum]) => ({ task, ...sum }))
}

type Fields = readonly string[] | Readonly<Record<string, string>>

/** By protocol version a hash comes as a flat list or as a map. */
function entriesOf(row: Fields): [string, string][] {
  if (!Array.isArray(row)) return Object.entries(row)
  return Array.from({ length: row.length / 2 }, (_, index) => [String(row[2 * index]), String(row[2 * index + 1])])
}

function whole(value = 0): string {
  return Number.isFinite(value) ? String(Math.max(0, Math.round(value))) : '0'
}
