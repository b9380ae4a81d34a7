import { expect } from 'vitest'
import type { Broker } from '../ports/broker.js'
import type { ExchangeReply, Reservation, Seat, Settlement } from '../ports/consumer.js'
import type { CrashedJob, Epoch } from '../ports/dispatch.js'
import type { JobView, LaneCounts } from '../ports/inspect.js'
import type { JobRef, Lane } from '../ports/lane.js'
import type { NewJob } from '../ports/producer.js'
import type { StoredOutcome } from '../ports/results.js'
import { job, jobs, succeed } from './job-fixtures.js'
import { until } from './until.js'

/** What a case plays in: one app of its own, a broker on it, and a dispatcher's epoch on demand. */
export class Scene {
  readonly #opened: Broker[] = []
  readonly #open: () => Promise<Broker>
  #epoch: Promise<Epoch> | undefined
  #names = 0
  broker!: Broker

  constructor(open: () => Promise<Broker>) {
    this.#open = open
  }

  async begin(): Promise<void> {
    this.broker = await this.another()
  }

  async end(): Promise<void> {
    await Promise.all(this.#opened.map((broker) => broker.close()))
  }

  /** A second broker on the same app: what another process would have. */
  async another(): Promise<Broker> {
    const broker = await this.#open()
    this.#opened.push(broker)
    return broker
  }

  lane(index = 0, queue = 'work'): Lane {
    return { queue, index }
  }

  ref(id: string, lane = this.lane()): JobRef {
    return { lane, id }
  }

  /** Enqueues; every job must be accepted. A number means that many ordinary jobs. */
  async put(what: number | readonly (string | NewJob)[], lane = this.lane()): Promise<readonly NewJob[]> {
    const list =
      typeof what === 'number' ? jobs(what) : what.map((each) => (typeof each === 'string' ? job(each) : each))
    for (let from = 0; from < list.length; from += 1_000) {
      const batch = list.slice(from, from + 1_000)
      const answers = await this.broker.producer.enqueue(lane, batch)
      expect(answers.length).toBe(batch.length)
      expect(answers.filter((answer) => answer.kind !== 'accepted')).toEqual([])
    }
    return list
  }

  /** A new worker's seat. `leaseMs` default 60,000: outlives the case. */
  seat(options: { readonly leaseMs?: number; readonly lane?: Lane; readonly broker?: Broker } = {}): Promise<Seat> {
    const broker = options.broker ?? this.broker
    this.#names += 1
    const worker = { id: `worker-${this.#names}`, leaseMs: options.leaseMs ?? 60_000 }
    return broker.consumer.join(options.lane ?? this.lane(), worker)
  }

  exchange(
    seat: Seat,
    request: { readonly settlements?: readonly Settlement[]; readonly want?: number; readonly empty?: boolean },
  ): Promise<ExchangeReply> {
    const { settlements = [], want = 0, empty = false } = request
    return seat.exchange({ settlements, want, empty })
  }

  /** One exchange that only takes. */
  async take(seat: Seat, want = 1, empty = false): Promise<readonly Reservation[]> {
    const reply = await this.exchange(seat, { want, empty })
    expect(reply.reservations.length).toBeLessThanOrEqual(want)
    return reply.reservations
  }

  /** Takes the one job that must be there now. */
  async takeOne(seat: Seat, empty = false): Promise<Reservation> {
    const [reservation] = await this.take(seat, 1, empty)
    if (reservation === undefined) throw new Error('no job was handed out where one was ready')
    return reservation
  }

  /** Exchanges until `count` jobs are held; their order is the order of handing out. */
  async takeAll(seat: Seat, count: number): Promise<Reservation[]> {
    const held: Reservation[] = []
    await until(
      `${count} jobs to be handed out`,
      async () => {
        held.push(...(await this.take(seat, Math.min(1_000, count - held.length))))
        return held.length >= count
      },
      { withinMs: 20_000, everyMs: 0 },
    )
    return held
  }

  /** Settles; nothing may be lost. */
  async settle(seat: Seat, ...settlements: readonly Settlement[]): Promise<void> {
    const reply = await this.exchange(seat, { settlements })
    expect(reply.lost).toEqual([])
    expect(reply.reservations).toEqual([])
  }

  /** Takes and succeeds what is ready, again and again, until nothing more comes; returns the ids in order. */
  async workOff(seat: Seat): Promise<string[]> {
    const done: string[] = []
    let settlements: Settlement[] = []
    let idle = 0
    for (;;) {
      const reply = await this.exchange(seat, { settlements, want: 100, empty: true })
      expect(reply.lost).toEqual([])
      idle = reply.reservations.length === 0 ? idle + 1 : 0
      if (idle > 0 && !reply.more) return done
      if (idle > 1_000) throw new Error('the lane says that more can be taken, but hands nothing out')
      done.push(...reply.reservations.map((each) => each.id))
      settlements = reply.reservations.map((each) => succeed(each))
    }
  }

  counts(lane = this.lane()): Promise<LaneCounts> {
    return this.broker.inspect.counts(lane)
  }

  view(id: string, lane = this.lane()): Promise<JobView> {
    return this.broker.inspect.job({ lane, id })
  }

  async outcome(id: string, lane = this.lane()): Promise<StoredOutcome | undefined> {
    const [outcome] = await this.broker.results.get([{ lane, id }])
    return outcome
  }

  epoch(): Promise<Epoch> {
    this.#epoch ??= this.broker.dispatch
      .readEpoch()
      .then((seen) => this.broker.dispatch.mintEpoch(seen, { candidate: 'conformance', host: 'localhost', pid: 1 }))
    return this.#epoch
  }

  /** Promotes all that is due now. */
  async promote(lane = this.lane()): Promise<number> {
    const epoch = await this.epoch()
    let promoted = 0
    for (;;) {
      const step = await this.broker.dispatch.promoteDue(lane, epoch)
      promoted += step.promoted
      if (!step.more) return promoted
    }
  }

  /** Reclaims all whose lease has ended by now. */
  async reclaim(
    lane = this.lane(),
  ): Promise<{ reclaimed: number; poisoned: number; crashed: CrashedJob[]; steps: number[] }> {
    const epoch = await this.epoch()
    const sum = { reclaimed: 0, poisoned: 0, crashed: [] as CrashedJob[], steps: [] as number[] }
    for (;;) {
      const step = await this.broker.dispatch.reclaimExpired(lane, epoch)
      sum.reclaimed += step.reclaimed
      sum.poisoned += step.poisoned
      sum.crashed.push(...step.crashed)
      sum.steps.push(step.reclaimed)
      if (!step.more) return sum
    }
  }

  /** Plays the dispatcher until only `running` jobs still run: the leases of silent seats end meanwhile. */
  async reclaimUntilRunning(
    running: number,
    lane = this.lane(),
  ): Promise<{ poisoned: number; crashed: CrashedJob[]; steps: number[] }> {
    const sum = { poisoned: 0, crashed: [] as CrashedJob[], steps: [] as number[] }
    await until(
      `reclaim to leave ${running} running`,
      async () => {
        const step = await this.reclaim(lane)
        sum.poisoned += step.poisoned
        sum.crashed.push(...step.crashed)
        sum.steps.push(...step.steps)
        return (await this.counts(lane)).running === running
      },
      { everyMs: 20 },
    )
    return sum
  }

  /** Takes a job that may have to run alone: only a seat that is one lease old is handed such a job. */
  takeSuspect(seat: Seat): Promise<Reservation> {
    return until('a suspect to be handed out', async () => (await this.take(seat, 1, true))[0])
  }

  /** Crashes `id` by letting a seat that took it and began it die, `times` times. Other jobs in the lane must be absent. */
  async crash(id: string, times: number): Promise<void> {
    for (let round = 0; round < times; round++) {
      const seat = await this.seat({ leaseMs: 150 })
      const held = await this.takeSuspect(seat)
      expect(held.id).toBe(id)
      if (held.crashes > 0) expect(await seat.begin(held)).toBe(true)
      await this.reclaimUntilRunning(0)
    }
  }

  /** One full pass over the outboxes; returns how much was delivered. */
  async drainOutboxes(...lanes: readonly Lane[]): Promise<number> {
    const epoch = await this.epoch()
    let delivered = 0
    for (const lane of lanes.length === 0 ? [this.lane()] : lanes) {
      for (;;) {
        const step = await this.broker.dispatch.drainOutbox(lane, epoch)
        delivered += step.delivered
        if (!step.more) break
      }
    }
    return delivered
  }
}
