import { randomBytes } from 'node:crypto'
import {
  type CallOptions,
  type CrashedJob,
  type DispatchPort,
  type Epoch,
  type Lane,
  type LaneAgenda,
  type LeaderInfo,
  MAX_CRASHED_TOLD,
} from '@millrace/broker'
import type { FailureRecord } from '@millrace/core'
import { StaleEpochError } from '@millrace/core'
import type { Engine } from '../engine.js'
import { appKey } from '../keyspace.js'
import { drainOutbox } from '../outbox/drain-outbox.js'
import type { LaneRegistry } from '../registry/lane-registry.js'
import type { Retention } from '../retention.js'
import type { Script } from '../scripts.generated.js'
import {
  agendaScript,
  endTermScript,
  mintEpochScript,
  promoteDueScript,
  reclaimExpiredScript,
  trimScript,
} from '../scripts.generated.js'
import { lostRecord } from '../seat/redis-seat.js'
import { RollUps } from '../series/roll-ups.js'
import type { Waiter } from '../wait/waiter.js'

/** The dispatching role on Redis. Every write carries its epoch; the lane's script refuses a stale one. */
export class RedisDispatch implements DispatchPort {
  readonly #engine: Engine
  readonly #registry: LaneRegistry
  readonly #waiter: Waiter
  readonly #retention: Retention
  readonly #rollUps: RollUps

  constructor(parts: { engine: Engine; registry: LaneRegistry; waiter: Waiter; retention: Retention }) {
    this.#engine = parts.engine
    this.#registry = parts.registry
    this.#waiter = parts.waiter
    this.#retention = parts.retention
    this.#rollUps = new RollUps(parts.engine)
  }

  lanes(options?: CallOptions): Promise<readonly Lane[]> {
    return this.#registry.list(options)
  }

  async readEpoch(options: CallOptions = {}): Promise<Epoch> {
    const key = appKey(this.#engine.keyspace, 'term')
    const text = await this.#engine.link.command('hget', [key, 'epoch'], {
      what: () => 'read of the epoch',
      ...options,
    })
    return Number(text ?? 0)
  }

  async mintEpoch(seen: Epoch, leader: LeaderInfo, options: CallOptions = {}): Promise<Epoch> {
    const nonce = randomBytes(9).toString('base64url')
    try {
      const text = await this.#engine.onApp(mintEpochScript, [String(seen), nonce, JSON.stringify(leader)], options)
      return Number(text)
    } catch (error) {
      throw withEpoch(error, seen)
    }
  }

  async endTerm(epoch: Epoch, options: CallOptions = {}): Promise<void> {
    await this.#engine.onApp(endTermScript, [String(epoch)], options)
  }

  async promoteDue(lane: Lane, epoch: Epoch, options: CallOptions = {}) {
    const [promoted = 0, more = 0] = await this.#fenced<number[]>(promoteDueScript, lane, { epoch, args: [], options })
    return { promoted, more: more === 1 }
  }

  async reclaimExpired(lane: Lane, epoch: Epoch, options: CallOptions = {}) {
    const args = [JSON.stringify(poisonRecord()), JSON.stringify(lostRecord()), String(MAX_CRASHED_TOLD)]
    const [reclaimed, poisoned, more, crashed] = await this.#fenced<[number, number, number, string[]]>(
      reclaimExpiredScript,
      lane,
      { epoch, args, options },
    )
    return { reclaimed, poisoned, crashed: crashed.map(readCrashed), more: more === 1 }
  }

  async drainOutbox(lane: Lane, epoch: Epoch, options: CallOptions = {}) {
    try {
      return await drainOutbox(this.#engine, lane, { epoch, options })
    } catch (error) {
      throw withEpoch(error, epoch)
    }
  }

  async trim(lane: Lane, epoch: Epoch, options: CallOptions = {}) {
    const { failedMs, failedCount, seenMs, parkedMs, sessionMs } = this.#retention
    const args = [failedMs, failedCount, seenMs, parkedMs, sessionMs].map(String)
    const [trimmed = 0, more = 0] = await this.#fenced<number[]>(trimScript, lane, { epoch, args, options })
    await this.#rollUps.keepUp(lane, options)
    return { trimmed, more: more === 1 }
  }

  async agenda(lane: Lane, epoch: Epoch, options: CallOptions = {}): Promise<LaneAgenda> {
    const [now, due, sweep, outbox] = await this.#fenced<[string, string, string, number]>(agendaScript, lane, {
      epoch,
      args: [],
      options,
    })
    return {
      now: Number(now),
      dueAt: due === '-1' ? undefined : Number(due),
      sweepAt: sweep === '-1' ? undefined : Number(sweep),
      outbox,
    }
  }

  async waitForAlarm(lanes: readonly Lane[], signal: AbortSignal): Promise<void> {
    await this.#waiter.wait(lanes, 'alarm', signal)
  }

  async #fenced<T>(
    script: Script,
    lane: Lane,
    call: { epoch: Epoch; args: readonly string[]; options: CallOptions },
  ): Promise<T> {
    try {
      return (await this.#engine.onLane(script, lane, [String(call.epoch), ...call.args], call.options)) as T
    } catch (error) {
      throw withEpoch(error, call.epoch)
    }
  }
}

/** The reply tells what the lane has seen; the caller knows what it sent. */
function withEpoch(error: unknown, epoch: Epoch): unknown {
  return error instanceof StaleEpochError ? new StaleEpochError({ epoch, seen: error.seen }) : error
}

function poisonRecord(): FailureRecord {
  return {
    name: 'PoisonJob',
    message: 'The worker process died each time it ran this job, as often as maxCrashes allows.',
    reason: 'poison',
    attempt: 0,
    at: Date.now(),
  }
}

/** As the script writes it: `crashes failed id`. */
function readCrashed(line: string): CrashedJob {
  const [crashes = '0', failed, id = ''] = line.split(' ')
  return { id, crashes: Number(crashes), failed: failed === '1' }
}
