import type { JoinTarget, NewJob, UniqueAttr } from '@millrace/broker'
import type { FailureRecord } from '@millrace/core'

/** Where a living job is. `suspect` and `lone` are ready jobs that crashed before; `lone` ones have one crash left. */
export type Place = 'ready' | 'suspect' | 'lone' | 'due' | 'parked' | 'running' | 'failed'

const DEFAULT_MAX_CRASHES = 3

/** One living job: everything the store knows of it. */
export class StoredJob {
  readonly id: string
  readonly message: string
  /** Order of arrival in the lane; unique. */
  readonly sequence: number
  readonly priority: number
  readonly named: boolean
  readonly unique: UniqueAttr | undefined
  readonly expiresAt: number | undefined
  readonly atMostOnce: boolean
  readonly maxCrashes: number
  /** How many upstream jobs must succeed first; 0 for most. */
  readonly waitsFor: number
  readonly joins: JoinTarget | undefined
  /** Outputs of upstream jobs by index. */
  readonly inputs = new Map<number, string>()
  place: Place = 'ready'
  /** Set while it runs. */
  holder: { readonly incarnation: string; readonly token: string } | undefined
  /** Its holder has noted that its handler is entered. */
  begun = false
  /** Was handed out before: no longer expires. */
  started = false
  attemptsUsed = 0
  crashes = 0
  cancelAsked = false
  history: FailureRecord[] = []
  dueAt: number | undefined
  failedAt: number | undefined

  constructor(job: NewJob, sequence: number, now: number) {
    const attrs = job.attrs ?? {}
    this.id = job.id
    this.message = job.message
    this.sequence = sequence
    this.priority = attrs.priority ?? 0
    this.named = attrs.named ?? false
    this.unique = attrs.unique
    this.expiresAt = attrs.expiresMs === undefined ? undefined : now + attrs.expiresMs
    this.atMostOnce = attrs.atMostOnce ?? false
    this.maxCrashes = attrs.maxCrashes ?? DEFAULT_MAX_CRASHES
    this.waitsFor = attrs.waitsFor ?? 0
    this.joins = attrs.joins
    this.dueAt = attrs.at ?? (attrs.delayMs === undefined ? undefined : now + attrs.delayMs)
  }

  expired(now: number): boolean {
    return this.expiresAt !== undefined && !this.started && now >= this.expiresAt
  }
}

/** The stored bytes as a value, `undefined` where they are no JSON. */
export function parseWire(message: string): unknown {
  try {
    return JSON.parse(message)
  } catch {
    return undefined
  }
}
