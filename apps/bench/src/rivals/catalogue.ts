import { packageVersion } from '../measure/package-version.js'
import type { Rival } from '../rival.js'

export interface RivalEntry {
  readonly name: string
  readonly packageName: string
  /** What it cannot do, with the reason to print. */
  readonly lacks: { readonly results?: string; readonly storedResults?: string; readonly chords?: string }
  /** The most delayed jobs that it works off in a bearable time. */
  readonly maxDelayed?: number
  /** Absent: no harness. */
  readonly load?: () => Promise<Rival>
}

export const MILLRACE = 'millrace'
export const DEFAULT_RIVALS: readonly string[] = ['bullmq', 'bee-queue', 'groupmq']

const ENTRIES: readonly RivalEntry[] = [
  {
    name: MILLRACE,
    packageName: 'millrace',
    lacks: {},
    load: async () => (await import('./millrace/millrace-rival.js')).millraceRival,
  },
  {
    name: 'bullmq',
    packageName: 'bullmq',
    lacks: {},
    load: async () => (await import('./bullmq/bullmq-rival.js')).bullmqRival,
  },
  {
    name: 'bee-queue',
    packageName: 'bee-queue',
    lacks: { chords: 'bee-queue has no chords', storedResults: 'bee-queue stores no results' },
    load: async () => (await import('./bee-queue/bee-queue-rival.js')).beeQueueRival,
  },
  {
    name: 'groupmq',
    packageName: 'groupmq',
    lacks: { chords: 'groupmq has no chords', results: 'groupmq gives producers no results' },
    // It promotes 32 delayed jobs per 1.5 s.
    maxDelayed: 200,
    load: async () => (await import('./groupmq/groupmq-rival.js')).groupmqRival,
  },
  { name: 'graphile-worker', packageName: 'graphile-worker', lacks: {} },
  { name: 'pg-boss', packageName: 'pg-boss', lacks: {} },
  { name: 'celery', packageName: 'celery', lacks: {} },
]

export function rivalNames(): string[] {
  return ENTRIES.map(({ name }) => name).filter((name) => name !== MILLRACE)
}

/** Throws `Error` for a name that nobody has. */
export function rivalEntry(name: string): RivalEntry {
  const entry = ENTRIES.find((one) => one.name === name)
  if (entry === undefined) throw new Error(`no rival ${JSON.stringify(name)}: there are ${rivalNames().join(', ')}`)
  return entry
}

/** Why it cannot be measured here; `undefined`: it can. */
export function whyAbsent(entry: RivalEntry): string | undefined {
  if (entry.load === undefined) return `no harness drives ${entry.name} yet`
  if (packageVersion(entry.packageName) === undefined) return `the package ${entry.packageName} is not installed`
  return undefined
}
