import type { AuditRecord, CallOptions, ControlPort, JobRef, Lane, WorkerCommand } from '@millrace/broker'
import type { Engine } from '../engine.js'
import { appKey } from '../keyspace.js'
import {
  cancelScript,
  discardScript,
  pauseScript,
  postponeScript,
  promoteScript,
  purgeScript,
  retryFailedScript,
} from '../scripts.generated.js'

/** A broadcast waits no longer until workers are told of it. */
const PUBLISH_MS = 1_000

/** The steering role on Redis. */
export class RedisControl implements ControlPort {
  readonly #engine: Engine

  constructor(engine: Engine) {
    this.#engine = engine
  }

  async pause(lane: Lane, options?: CallOptions): Promise<void> {
    await this.#engine.onLane(pauseScript, lane, ['1'], options)
  }

  async resume(lane: Lane, options?: CallOptions): Promise<void> {
    await this.#engine.onLane(pauseScript, lane, ['0'], options)
  }

  async cancel(ref: JobRef, options?: CallOptions) {
    return (await this.#engine.onLane(cancelScript, ref.lane, [ref.id], options)) as
      | 'cancelled'
      | 'asked'
      | 'ended'
      | 'unknown'
  }

  async retry(ref: JobRef, options?: CallOptions) {
    return (await this.#engine.onLane(retryFailedScript, ref.lane, [ref.id], options)) as
      | 'retried'
      | 'not-failed'
      | 'unknown'
  }

  async discard(ref: JobRef, options?: CallOptions) {
    return (await this.#engine.onLane(discardScript, ref.lane, [ref.id], options)) as
      | 'discarded'
      | 'not-failed'
      | 'unknown'
  }

  async promote(ref: JobRef, options?: CallOptions) {
    return (await this.#engine.onLane(promoteScript, ref.lane, [ref.id], options)) as
      | 'promoted'
      | 'not-waiting'
      | 'unknown'
  }

  async postpone(ref: JobRef, delayMs: number, options?: CallOptions) {
    const args = [ref.id, String(Math.max(0, Math.round(delayMs)))]
    return (await this.#engine.onLane(postponeScript, ref.lane, args, options)) as
      | 'postponed'
      | 'not-waiting'
      | 'unknown'
  }

  async purge(lane: Lane, options?: CallOptions): Promise<{ readonly purged: number; readonly more: boolean }> {
    const [purged = 0, more = 0] = (await this.#engine.onLane(purgeScript, lane, [], options)) as number[]
    return { purged, more: more === 1 }
  }

  async broadcast(command: WorkerCommand, options: CallOptions = {}): Promise<void> {
    const key = appKey(this.#engine.keyspace, 'commands')
    // Sent twice by a lost connection, it is obeyed twice: every command is idempotent.
    await this.#engine.link.command('xadd', [key, 'MAXLEN', '~', '1000', '*', 'command', JSON.stringify(command)], {
      what: () => `broadcast of ${command.kind}`,
      ...options,
    })
    // Whom it is for; '': everybody. Who misses it, or where publishing is denied, gets the command with its next announcement.
    const ids = command.workers?.join(' ') ?? ''
    const call = { what: () => 'call of the workers', timeoutMs: PUBLISH_MS }
    await this.#engine.link.command('publish', [key, ids], call).catch(() => undefined)
  }

  async recordAudit(record: AuditRecord, options: CallOptions = {}): Promise<void> {
    const key = appKey(this.#engine.keyspace, 'audit')
    await this.#engine.link.command('xadd', [key, 'MAXLEN', '~', '10000', '*', 'record', JSON.stringify(record)], {
      what: () => `audit record of ${record.action}`,
      ...options,
    })
  }
}
