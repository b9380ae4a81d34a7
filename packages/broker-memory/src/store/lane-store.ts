import type { JoinTarget, Lane, StoredOutcome } from '@millrace/broker'
import { laneName } from '@millrace/broker'
import type { Clock } from '@millrace/core'
import { Bell } from './bell.js'
import { DueList } from './due-list.js'
import type { SeatRecord } from './held-jobs.js'
import { JobList } from './job-list.js'
import { LaneBook } from './lane-book.js'
import { ReadyQueue } from './ready-queue.js'
import { ReportBook } from './report-book.js'
import type { StoredJob } from './stored-job.js'

/** Idle workers and dispatchers look every 5 s. */
const SILENCE_MS = 15_000

/** What an ended job tells the job that waits for it. */
export interface Delivery {
  readonly target: JoinTarget
  readonly from: string
  readonly result: { readonly ok: true; readonly outputJson: string } | { readonly ok: false; readonly state: string }
}

export interface Waiter {
  readonly ended: (outcome: StoredOutcome) => void
  readonly progress: ((valueJson: string) => void) | undefined
}

export interface KeptOutcome {
  readonly outcome: StoredOutcome
  readonly until: number
}

/** All data of one lane, and the moves of a job between its places. Which move is right is the verbs' business. */
export class LaneStore {
  readonly lane: Lane
  readonly name: string
  readonly #clock: Clock
  readonly jobs = new Map<string, StoredJob>()
  readonly ready = new ReadyQueue()
  readonly suspects = new JobList()
  readonly lone = new JobList()
  readonly due = new DueList()
  readonly parked = new Set<StoredJob>()
  readonly failed = new Set<StoredJob>()
  readonly cancelAsked = new Set<string>()
  readonly seats = new Map<string, SeatRecord>()
  /** Seats whose lease has ended and whose jobs are being put back. */
  readonly dying: SeatRecord[] = []
  readonly unique = new Map<string, { readonly holder: string; readonly until: number }>()
  /** Named ids that ended → until when they are remembered. */
  readonly seen = new Map<string, number>()
  readonly outcomes = new Map<string, KeptOutcome>()
  readonly waiters = new Map<string, Set<Waiter>>()
  readonly outbox: Delivery[] = []
  /** What handlers said of their jobs. */
  readonly reports = new ReportBook()
  /** What ran and what waited, over time. */
  readonly book = new LaneBook()
  readonly totals = { succeeded: 0, retried: 0, failed: 0, crashed: 0 }
  /** Rings when something can be taken. */
  readonly wake = new Bell()
  /** Rings when the dispatcher must look earlier than it planned. */
  readonly alarm = new Bell()
  running = 0
  paused = false
  epoch = 0
  sequence = 0
  lastToken = 0n
  /** The seat that was asked to run empty for a lone job, and until when it is waited for. */
  drainer: { readonly incarnation: string; readonly until: number } | undefined
  /** What the dispatcher was last told; anything earlier rings. */
  plannedDueAt = Number.POSITIVE_INFINITY
  plannedSweepAt = Number.POSITIVE_INFINITY
  #lastCallAt: number

  constructor(lane: Lane, clock: Clock) {
    this.lane = { queue: lane.queue, index: lane.index }
    this.name = laneName(lane)
    this.#clock = clock
    this.#lastCallAt = clock.now()
  }

  now(): number {
    return this.#clock.now()
  }

  /**
   * Notes that somebody called. After a silence (the process stood still) nobody could have renewed: every lease gets
   * one full length. Once only, or a dead worker were spared for ever where all others sleep long.
   */
  called(): void {
    const now = this.now()
    const silent = now - this.#lastCallAt > SILENCE_MS
    this.#lastCallAt = now
    if (!silent) return
    for (const seat of this.seats.values()) {
      if (seat.spared) continue
      seat.spared = true
      seat.leaseFrom = now
    }
  }

  /** Takes a job out of wherever it is; the caller puts it elsewhere or drops it. */
  lift(job: StoredJob): void {
    switch (job.place) {
      case 'ready':
        this.ready.remove(job)
        return
      case 'suspect':
        this.suspects.remove(job)
        return
      case 'lone':
        this.lone.remove(job)
        return
      case 'due':
        this.due.remove(job)
        job.dueAt = undefined
        return
      case 'parked':
        this.parked.delete(job)
        return
      case 'failed':
        this.failed.delete(job)
        job.failedAt = undefined
        return
      case 'running':
        this.#liftRunning(job)
        return
    }
  }

  #liftRunning(job: StoredJob): void {
    const holder = job.holder
    if (holder === undefined) return
    const seat =
      this.seats.get(holder.incarnation) ?? this.dying.find((each) => each.incarnation === holder.incarnation)
    seat?.held.remove(holder.token, job)
    job.holder = undefined
    this.running -= 1
  }

  /** Where a job that may run belongs: jobs that crashed before stand apart. */
  putReady(job: StoredJob, end: 'front' | 'back'): void {
    job.place = job.crashes === 0 ? 'ready' : job.crashes >= job.maxCrashes - 1 ? 'lone' : 'suspect'
    if (job.place === 'ready') this.ready.push(job, end)
    else {
      const list = job.place === 'lone' ? this.lone : this.suspects
      if (end === 'front') list.pushFront(job)
      else list.pushBack(job)
    }
    if (!this.paused) this.wake.ring()
  }

  putDue(job: StoredJob, dueAt: number): void {
    job.place = 'due'
    job.dueAt = dueAt
    this.due.add(job)
    if (dueAt < this.plannedDueAt) this.ringFor('plannedDueAt', dueAt)
  }

  putParked(job: StoredJob): void {
    job.place = 'parked'
    this.parked.add(job)
  }

  putRunning(job: StoredJob, seat: SeatRecord, token: string): void {
    job.place = 'running'
    job.holder = { incarnation: seat.incarnation, token }
    job.started = true
    job.begun = false
    seat.held.add(token, job)
    this.running += 1
    const end = leaseEnd(seat)
    if (end < this.plannedSweepAt) this.ringFor('plannedSweepAt', end)
  }

  ringFor(plan: 'plannedDueAt' | 'plannedSweepAt', at: number): void {
    this[plan] = at
    this.alarm.ring()
  }

  uniqueHolder(key: string): string | undefined {
    const entry = this.unique.get(key)
    if (entry === undefined) return undefined
    if (entry.until > this.now()) return entry.holder
    this.unique.delete(key)
    return undefined
  }

  freeUnique(job: StoredJob): void {
    if (job.unique !== undefined && this.unique.get(job.unique.key)?.holder === job.id)
      this.unique.delete(job.unique.key)
  }

  /** True for a named id that lives, or ended within 24 h. */
  remembers(id: string): boolean {
    if (this.jobs.has(id)) return true
    const until = this.seen.get(id)
    if (until === undefined) return false
    if (until > this.now()) return true
    this.seen.delete(id)
    return false
  }

  keptOutcome(id: string): StoredOutcome | undefined {
    const kept = this.outcomes.get(id)
    if (kept === undefined) return undefined
    if (kept.until > this.now()) return kept.outcome
    this.outcomes.delete(id)
    return undefined
  }
}

/** When the lease ends. Binds only while something is held: a seat that holds nothing has no lease to lose. */
export function leaseEnd(seat: SeatRecord): number {
  return seat.leaseFrom + seat.leaseMs
}
