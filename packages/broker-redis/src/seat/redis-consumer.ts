import { randomBytes } from 'node:crypto'
import type { CallOptions, ConsumerPort, Lane, Seat, TaskDurations, WorkerCommand, WorkerInfo } from '@millrace/broker'
import { InvalidOptionError } from '@millrace/core'
import type { Engine } from '../engine.js'
import { appKey } from '../keyspace.js'
import type { LaneRegistry } from '../registry/lane-registry.js'
import { writeReports } from '../report/write-reports.js'
import type { Retention } from '../retention.js'
import { announceScript, joinScript } from '../scripts.generated.js'
import { countDurations } from '../series/count-durations.js'
import type { Waiter } from '../wait/waiter.js'
import { Door } from './door.js'
import { RedisSeat } from './redis-seat.js'

/** A day. A dead worker's jobs wait this long. */
const MAX_LEASE_MS = 86_400_000

/** The consuming role on Redis. */
export class RedisConsumer implements ConsumerPort {
  readonly #engine: Engine
  readonly #registry: LaneRegistry
  readonly #waiter: Waiter
  readonly #retention: Retention
  readonly #heartbeats: { readonly url: string; readonly options: unknown }
  readonly #door: Door
  readonly #cursors = new Map<string, string>()
  /** Who wants to know of commands, by worker. */
  readonly #hearers = new Map<string, () => void>()

  constructor(engine: Engine, registry: LaneRegistry, parts: { waiter: Waiter; retention: Retention }) {
    this.#engine = engine
    this.#heartbeats = {
      url: new URL('./heartbeats.js', import.meta.url).href,
      options: { keyspace: engine.keyspace, target: engine.target },
    }
    this.#registry = registry
    this.#waiter = parts.waiter
    this.#retention = parts.retention
    this.#door = new Door(engine.target)
  }

  async join(
    lane: Lane,
    worker: { readonly id: string; readonly leaseMs: number },
    options: CallOptions = {},
  ): Promise<Seat> {
    const leaseMs = Math.round(worker.leaseMs)
    if (!(leaseMs >= 1 && leaseMs <= MAX_LEASE_MS)) {
      throw new InvalidOptionError({
        option: 'lease',
        found: worker.leaseMs,
        expected: 'milliseconds from 1, at most a day',
      })
    }
    const incarnation = `${worker.id}~${randomBytes(6).toString('base64url')}`
    // Not remembered as known: a store that was emptied gets its registry back with the next seat.
    this.#registry.forget(lane)
    await this.#registry.register(lane, options)
    await this.#engine.onLane(joinScript, lane, [incarnation, worker.id, String(leaseMs)], options)
    const house = { engine: this.#engine, door: this.#door, retention: this.#retention }
    // The server learns the script now: a report that it had to ask for would come behind the exchange that ends its job.
    writeReports({ ...house, lane, incarnation }, []).catch(() => {})
    return new RedisSeat(house, lane, { incarnation, leaseMs })
  }

  waitForWork(lanes: readonly Lane[], signal: AbortSignal): Promise<boolean> {
    return this.#waiter.wait(lanes, 'wake', signal)
  }

  async announce(info: WorkerInfo, options: CallOptions = {}): Promise<readonly WorkerCommand[]> {
    const cursor = this.#cursors.get(info.id) ?? ''
    const args = [info.id, JSON.stringify(info), cursor]
    const [next = '', ...commands] = (await this.#engine.onApp(announceScript, args, options)) as string[]
    this.#cursors.set(info.id, next)
    return commands
      .map((text) => JSON.parse(text) as WorkerCommand)
      .filter((command) => command.workers === undefined || command.workers.includes(info.id))
  }

  hearCommands(workerId: string, heard: () => void): () => void {
    const channel = appKey(this.#engine.keyspace, 'commands')
    this.#hearers.set(workerId, heard)
    if (this.#hearers.size === 1) {
      void this.#door.listen(
        channel,
        (ids) => this.#tell(ids === '' ? this.#hearers.keys() : ids.split(' ')),
        () => this.#tell(this.#hearers.keys()),
      )
    }
    return () => {
      if (this.#hearers.delete(workerId) && this.#hearers.size === 0) this.#door.forget(channel)
    }
  }

  countDurations(durations: readonly TaskDurations[], options?: CallOptions): Promise<void> {
    return countDurations(this.#engine, durations, options)
  }

  async retire(workerId: string, options: CallOptions = {}): Promise<void> {
    this.#cursors.delete(workerId)
    const { keyspace, link } = this.#engine
    const call = { what: () => `retire of worker ${workerId}`, ...options }
    await link.command('zrem', [appKey(keyspace, 'workers'), workerId], call)
    await link.command('hdel', [appKey(keyspace, 'workerInfo'), workerId], call)
  }

  close(): void {
    this.#door.close()
  }

  heartbeatModule(): { readonly url: string; readonly options: unknown } {
    return this.#heartbeats
  }

  #tell(workers: Iterable<string>): void {
    for (const id of workers) this.#hearers.get(id)?.()
  }
}
