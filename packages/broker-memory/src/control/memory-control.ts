import type { AuditRecord, ControlPort, JobRef, Lane, WorkerCommand } from '@millrace/broker'
import type { Connection } from '../connection.js'
import { cancelJob } from '../store/end-job.js'
import type { LaneStore } from '../store/lane-store.js'
import type { StoredJob } from '../store/stored-job.js'

const PURGE_STEP = 1_000
const COMMANDS_KEPT = 1_000
const AUDIT_KEPT = 10_000
/** Workers announce every few seconds; one that was silent for longer is started anew. */
const COMMANDS_KEPT_MS = 60_000

export class MemoryControl implements ControlPort {
  readonly #connection: Connection

  constructor(connection: Connection) {
    this.#connection = connection
  }

  async pause(lane: Lane): Promise<void> {
    this.#connection.lane(lane).paused = true
  }

  async resume(lane: Lane): Promise<void> {
    const store = this.#connection.lane(lane)
    store.paused = false
    if (store.ready.size + store.suspects.size + store.lone.size > 0) store.wake.ring()
  }

  async cancel(ref: JobRef): Promise<'cancelled' | 'asked' | 'ended' | 'unknown'> {
    const { store, job } = this.#find(ref)
    if (job === undefined)
      return store.keptOutcome(ref.id) !== undefined || store.seen.has(ref.id) ? 'ended' : 'unknown'
    if (job.place === 'failed') return 'ended'
    if (job.place === 'running') {
      job.cancelAsked = true
      store.cancelAsked.add(job.id)
      return 'asked'
    }
    cancelJob(store, job)
    return 'cancelled'
  }

  async retry(ref: JobRef): Promise<'retried' | 'not-failed' | 'unknown'> {
    const { store, job } = this.#find(ref)
    if (job?.place !== 'failed') return absent(store, ref, job)
    store.lift(job)
    store.outcomes.delete(job.id)
    job.attemptsUsed = 0
    job.crashes = 0
    // A body without all of its inputs waits for them anew: an upstream job that is retried brings them.
    if (job.inputs.size < job.waitsFor) store.putParked(job)
    else store.putReady(job, 'back')
    return 'retried'
  }

  async discard(ref: JobRef): Promise<'discarded' | 'not-failed' | 'unknown'> {
    const { store, job } = this.#find(ref)
    if (job?.place !== 'failed') return absent(store, ref, job)
    store.lift(job)
    store.jobs.delete(job.id)
    store.outcomes.delete(job.id)
    store.reports.forget(job.id)
    return 'discarded'
  }

  async promote(ref: JobRef): Promise<'promoted' | 'not-waiting' | 'unknown'> {
    const { store, job } = this.#find(ref)
    if (job?.place !== 'due') return absent(store, ref, job) === 'unknown' ? 'unknown' : 'not-waiting'
    store.lift(job)
    store.putReady(job, 'back')
    return 'promoted'
  }

  async postpone(ref: JobRef, delayMs: number): Promise<'postponed' | 'not-waiting' | 'unknown'> {
    const { store, job } = this.#find(ref)
    if (job?.place !== 'due') return absent(store, ref, job) === 'unknown' ? 'unknown' : 'not-waiting'
    store.lift(job)
    store.putDue(job, store.now() + Math.max(0, delayMs))
    return 'postponed'
  }

  async purge(lane: Lane): Promise<{ readonly purged: number; readonly more: boolean }> {
    const store = this.#connection.lane(lane)
    let purged = 0
    for (const job of store.jobs.values()) {
      if (job.place === 'running' || job.place === 'failed') continue
      if (purged === PURGE_STEP) return { purged, more: true }
      cancelJob(store, job)
      purged += 1
    }
    return { purged, more: false }
  }

  async broadcast(command: WorkerCommand): Promise<void> {
    const app = this.#connection.store()
    const now = app.clock.now()
    app.lastCommand += 1
    app.commands.push({ number: app.lastCommand, command, at: now })
    while (app.commands.length > COMMANDS_KEPT || now - (app.commands[0]?.at ?? now) > COMMANDS_KEPT_MS)
      app.commands.shift()
    for (const id of command.workers ?? app.commandHearers.keys()) app.commandHearers.get(id)?.()
  }

  async recordAudit(record: AuditRecord): Promise<void> {
    const app = this.#connection.store()
    app.lastAudit += 1
    app.audit.push({ ...record, id: String(app.lastAudit) })
    if (app.audit.length > AUDIT_KEPT) app.audit.shift()
  }

  #find(ref: JobRef): { readonly store: LaneStore; readonly job: StoredJob | undefined } {
    const store = this.#connection.lane(ref.lane)
    return { store, job: store.jobs.get(ref.id) }
  }
}

function absent(store: LaneStore, ref: JobRef, job: StoredJob | undefined): 'not-failed' | 'unknown' {
  return job === undefined && store.keptOutcome(ref.id) === undefined && !store.seen.has(ref.id)
    ? 'unknown'
    : 'not-failed'
}
