import type {
  Broker,
  EnqueueAnswer,
  Lane,
  NewJob,
  Reservation,
  Seat,
  Settlement,
  StoredOutcome,
} from '@millrace/broker'
import { LeaseLostError } from '@millrace/core'
import type { Redis } from 'ioredis'
import type { RedisReservation } from '../src/exchange/reservation.js'
import type { Keyspace } from '../src/keyspace.js'
import { laneKey } from '../src/keyspace.js'
import type { Dice } from './dice.js'
import { advanceClock } from './instrumented-scripts.js'
import type { LaneReading } from './lane-audit.js'
import { auditLane } from './lane-audit.js'
import { WalkDoor } from './walk-door.js'
import { drawJob, drawVerdict } from './walk-draw.js'
import { WalkModel } from './walk-model.js'

const LANES: readonly Lane[] = [
  { queue: 'walk', index: 0 },
  { queue: 'walk', index: 1 },
]
const EPOCH = 1
const EMPTY: readonly never[] = []

interface Sitting {
  readonly seat: Seat
  held: Reservation[]
  /** Hears what is handed to it at the door. */
  listens: boolean
}

/** One random history on two lanes, checked after every step against a model that knows only what a caller can know. */
export class LaneWalk {
  readonly model = new WalkModel()
  readonly log: string[] = []
  readonly #waits: { id: string; ended: Promise<StoredOutcome | 'gone'> }[] = []
  readonly #sittings: Sitting[] = []
  readonly #stop = new AbortController()
  readonly door: WalkDoor
  #ids = 0
  #last: readonly LaneReading[] = []

  constructor(
    readonly parts: {
      readonly broker: Broker
      readonly raw: Redis
      readonly keyspace: Keyspace
      readonly dice: Dice
      readonly checkEvery: number
      /** Seats stand at the door, and lone jobs knock. */
      readonly doors: boolean
    },
  ) {
    this.door = new WalkDoor(parts.raw, parts.keyspace)
  }

  async run(steps: number): Promise<void> {
    this.#last = await this.#read()
    // From then on this process hears of the ends of jobs that it says to be awaited.
    if (this.parts.doors) for (const lane of LANES) await this.parts.broker.results.wait({ lane, id: 'nobody' })
    for (let i = 0; i < steps; i++) {
      await this.#step()
      if (i % this.parts.checkEvery === 0) await this.#check()
    }
    await this.#check()
    await this.#drain()
  }

  async #step(): Promise<void> {
    const { dice } = this.parts
    const lane = dice.pick(LANES)
    const act = dice.weighted<() => Promise<unknown>>([
      [8, () => this.#enqueue(lane)],
      [16, () => this.#exchange(lane)],
      [6, () => this.#control(lane)],
      [5, () => this.#dispatch(lane, dice.pick(['promote', 'reclaim', 'reclaim', 'outbox', 'trim']))],
      [3, () => this.#seatCall(lane)],
      [2, () => this.#advance(dice.pick([10, 200, 1_000, 4_000, 20_000]))],
      [1, () => this.#wait(lane)],
      ...(this.parts.doors ? ([[8, () => this.#knock(lane)]] as [number, () => Promise<unknown>][]) : EMPTY),
    ])
    await act()
  }

  async #enqueue(lane: Lane): Promise<void> {
    const { dice, broker } = this.parts
    const jobs = Array.from({ length: dice.below(4) + 1 }, () =>
      drawJob(lane, ++this.#ids, { dice, model: this.model }),
    )
    this.log.push(`enqueue ${lane.index} ${JSON.stringify(jobs.map(({ id, attrs }) => [id, attrs]))}`)
    const answers = await broker.producer.enqueue(lane, jobs)
    for (const [i, job] of jobs.entries()) this.model.enqueued(lane, job, answers[i] as (typeof answers)[number])
    // A duplicate may be held by a seat that got it with an exchange: of that nobody is told.
    const [job] = jobs
    if (jobs.length === 1 && job?.attrs === undefined && answers[0]?.kind === 'accepted')
      await this.#heard(job as NewJob, lane)
  }

  /** A lone ordinary job, mostly where somebody has just come to the door. */
  async #knock(lane: Lane): Promise<void> {
    const { dice, broker } = this.parts
    if (dice.chance(0.7)) {
      const sitting = await this.#sitting(lane)
      for (let got = 1; got > 0 && this.#sittings.includes(sitting); )
        got = await this.#settle(sitting, [], { want: 10, empty: dice.chance(0.5) })
    }
    const id = `door${++this.#ids}`
    const message = `[1,"t",${this.#ids},1]`
    const job: NewJob = dice.chance(0.5) ? { id, message } : { id, message, awaited: true }
    this.log.push(`knock ${lane.index} ${job.id}`)
    const [answer] = await broker.producer.enqueue(lane, [job])
    this.model.enqueued(lane, job, answer as EnqueueAnswer)
    await this.#heard(job, lane)
  }

  /** What an ordinary job that was enqueued alone may have caused at the door. */
  async #heard(job: NewJob, lane: Lane): Promise<void> {
    if (!this.parts.doors) return
    const seats = this.#sittings.filter(({ seat, listens }) => listens && seat.lane === lane).map(({ seat }) => seat)
    await this.door.delivered(job.id, seats)
  }

  /** Now and then a message is missed: the seat holds a job that nobody knows of. */
  #handed(sitting: Sitting, reservations: readonly Reservation[]): void {
    const missed = this.parts.dice.chance(0.2)
    this.log.push(
      `  at the door of ${sitting.seat.incarnation}: ${reservations.map(({ id }) => id).join(' ')}${missed ? ' missed' : ''}`,
    )
    if (missed) return
    for (const reservation of reservations) {
      sitting.held.push(reservation)
      this.model.handedOut(reservation, undefined)
    }
  }

  async #sitting(lane: Lane): Promise<Sitting> {
    const { dice, broker } = this.parts
    const mine = this.#sittings.filter((one) => one.seat.lane === lane)
    if (mine.length > 0 && (mine.length > 2 || dice.chance(0.8))) return dice.pick(mine)
    const seat = await broker.consumer.join(lane, { id: `w${this.#ids++}`, leaseMs: dice.pick([500, 2_000, 20_000]) })
    const sitting: Sitting = { seat, held: [], listens: this.parts.doors && dice.chance(0.7) }
    this.#sittings.push(sitting)
    if (sitting.listens) await this.door.listen(seat, (reservations) => this.#handed(sitting, reservations))
    return sitting
  }

  async #exchange(lane: Lane): Promise<void> {
    const { dice } = this.parts
    const sitting = await this.#sitting(lane)
    const done = sitting.held.filter(() => dice.chance(0.6))
    const settlements = done.map((reservation) => ({ reservation, verdict: drawVerdict(reservation, dice) }))
    const want = dice.pick([0, 1, 2, 10])
    await this.#settle(sitting, settlements, { want, empty: sitting.held.length === done.length && dice.chance(0.7) })
  }

  async #settle(
    sitting: Sitting,
    settlements: readonly Settlement[],
    how: { want: number; empty: boolean },
  ): Promise<number> {
    this.log.push(
      `exchange ${sitting.seat.incarnation} ${JSON.stringify(settlements.map(({ reservation, verdict }) => [reservation.id, verdict.kind]))} ${JSON.stringify(how)}`,
    )
    if (sitting.listens) for (const settlement of settlements) this.#ahead(sitting.seat, settlement)
    const reply = await this.#fenced(sitting, () => sitting.seat.exchange({ settlements, ...how }))
    if (reply === undefined) return 0
    this.log.push(
      `  → ${reply.reservations.map(({ id }) => id).join(' ')}${reply.lost.length > 0 ? ` lost ${reply.lost.length}` : ''}${reply.drain ? ' drain' : ''}`,
    )
    const refused = new Set(reply.lost.map(({ reservation }) => reservation))
    for (const settlement of settlements) {
      if (!refused.has(settlement.reservation)) this.model.settled(settlement)
      else if (!this.model.mayBeLost(settlement.reservation))
        this.model.wrong(`${settlement.reservation.id} was lost for no reason`)
    }
    sitting.held = sitting.held.filter((held) => !settlements.some(({ reservation }) => reservation === held))
    for (const reservation of reply.reservations) {
      sitting.held.push(reservation)
      this.model.handedOut(reservation, reservation.composed ? await sitting.seat.inputs(reservation) : undefined)
    }
    return reply.reservations.length
  }

  #ahead(seat: Seat, settlement: Settlement): void {
    const reservation = settlement.reservation as RedisReservation
    if (!reservation.awaited || this.parts.dice.chance(0.2)) return
    seat.ahead?.(settlement)
    if (reservation.awaited) return
    this.door.endedAhead++
    this.log.push(`  ahead ${reservation.id}`)
  }

  async #fenced<T>(sitting: Sitting, call: () => Promise<T>): Promise<T | undefined> {
    try {
      return await call()
    } catch (error) {
      if (!(error instanceof LeaseLostError)) throw error
      this.log.push(`  fenced ${sitting.seat.incarnation}`)
      this.#sittings.splice(this.#sittings.indexOf(sitting), 1)
      return undefined
    }
  }

  async #control(lane: Lane): Promise<void> {
    const { dice, broker } = this.parts
    const verb = dice.pick([
      'cancel',
      'cancel',
      'cancel',
      'retry',
      'retry',
      'retry',
      'discard',
      'promote',
      'purge',
      'pause',
      'resume',
      'resume',
    ] as const)
    const id = this.#target(lane, verb)
    if (id === undefined) return
    if (verb === 'pause' || verb === 'resume') {
      await broker.control[verb](lane)
      this.log.push(`${verb} ${lane.index}`)
    } else if (verb === 'purge') {
      if (!dice.chance(0.3)) return
      this.model.purging(this.#last[lane.index] as LaneReading)
      const { purged } = await broker.control.purge(lane)
      this.log.push(`purge ${lane.index}: ${purged}`)
    } else {
      const answer = await broker.control[verb]({ lane, id })
      this.log.push(`${verb} ${id}: ${answer}`)
      this.model.controlled(id, answer)
    }
  }

  /** Mostly a job that the verb is for; now and then any. */
  #target(lane: Lane, verb: string): string | undefined {
    const { dice } = this.parts
    const place = { retry: 'failed', discard: 'failed', promote: 'due' }[verb]
    const { places } = this.#last[lane.index] as LaneReading
    const fit = [...places].filter(([, where]) => place === undefined || where.includes(place)).map(([id]) => id)
    return fit.length > 0 && dice.chance(0.8) ? dice.pick(fit) : this.model.anyId(lane, dice)
  }

  async #dispatch(lane: Lane, duty: 'promote' | 'reclaim' | 'outbox' | 'trim'): Promise<boolean> {
    const { dispatch } = this.parts.broker
    if (duty === 'promote') return (await dispatch.promoteDue(lane, EPOCH)).promoted > 0
    if (duty === 'outbox') return (await dispatch.drainOutbox(lane, EPOCH)).delivered > 0
    if (duty === 'trim') return (await dispatch.trim(lane, EPOCH)).trimmed > 0
    const { reclaimed } = await dispatch.reclaimExpired(lane, EPOCH)
    this.log.push(`reclaim ${lane.index}: ${reclaimed}`)
    return reclaimed > 0
  }

  async #seatCall(lane: Lane): Promise<void> {
    const { dice } = this.parts
    const sitting = await this.#sitting(lane)
    const verb = dice.pick(['heartbeat', 'begin', 'begin', 'reconcile', 'leave'] as const)
    this.log.push(`${verb} ${sitting.seat.incarnation}`)
    if (verb === 'heartbeat') {
      await this.#fenced(sitting, () => sitting.seat.heartbeat())
    } else if (verb === 'begin') {
      const { held } = sitting
      const suspect = held.find(({ crashes }) => crashes > 0) ?? held[0]
      if (suspect !== undefined) await this.#fenced(sitting, () => sitting.seat.begin(suspect))
    } else if (verb === 'reconcile') {
      const known = [...new Set(sitting.held.map(({ token }) => token))].filter(() => dice.chance(0.7))
      for (const reservation of sitting.held) if (!known.includes(reservation.token)) this.model.putBack(reservation)
      await this.#fenced(sitting, () => sitting.seat.reconcile(known))
    } else {
      for (const reservation of sitting.held) this.model.putBack(reservation)
      await sitting.seat.leave()
      this.#sittings.splice(this.#sittings.indexOf(sitting), 1)
    }
  }

  async #advance(ms: number): Promise<void> {
    this.log.push(`advance ${ms}`)
    this.model.now += ms
    await advanceClock(this.parts.raw, ms)
  }

  async #wait(lane: Lane): Promise<void> {
    const { broker, raw, keyspace, dice } = this.parts
    const id = this.model.anyId(lane, dice)
    if (id === undefined || !(this.#last[lane.index] as LaneReading).jobs.has(id)) return
    const ended = broker.results.wait({ lane, id }, { signal: this.#stop.signal })
    const watched = { id, ended, over: false }
    const over = () => {
      watched.over = true
    }
    ended.then(over, over)
    while (!watched.over && (await raw.hexists(laneKey(keyspace, lane, 'waiters'), id)) === 0) {}
    this.#waits.push(watched)
  }

  #read(): Promise<readonly LaneReading[]> {
    return Promise.all(LANES.map((lane) => auditLane(this.parts.raw, this.parts.keyspace, lane)))
  }

  async #check(): Promise<void> {
    const now = await this.#read()
    const findings = now.flatMap((reading) => reading.findings)
    for (const [i, reading] of now.entries())
      findings.push(...this.model.compare(this.#last[i] as LaneReading, reading))
    this.#last = now
    if (findings.length > 0) throw new Error(`${findings.join('\n')}\n--- history\n${this.log.slice(-60).join('\n')}`)
  }

  /** Everything is let run out, for longer than the longest lease: a job that runs alone waits for a seat of that age. Then nothing may be left but what is kept on purpose. */
  async #drain(): Promise<void> {
    const { broker } = this.parts
    this.log.push('drain')
    for (const lane of LANES) await broker.control.resume(lane)
    for (let round = 0, idle = 0; idle < 10; round++) {
      if (round > 300) throw new Error(`does not drain\n--- history\n${this.log.slice(-60).join('\n')}`)
      let busy = false
      await this.#advance(2_500)
      for (const lane of LANES) {
        for (const duty of ['promote', 'reclaim', 'outbox'] as const) busy = (await this.#dispatch(lane, duty)) || busy
        for (const sitting of this.#sittings.filter((one) => one.seat.lane === lane)) {
          await this.#fenced(sitting, () => this.#findMissed(sitting))
          const settlements = sitting.held.map(
            (reservation): Settlement => ({
              reservation,
              verdict: { kind: 'succeed', outputJson: '"out"', keepMs: 0 },
            }),
          )
          const got = await this.#settle(sitting, settlements, { want: 10, empty: true })
          busy = busy || settlements.length > 0 || got > 0
        }
        if (!this.#sittings.some((one) => one.seat.lane === lane)) await this.#sitting(lane)
      }
      await this.#check()
      idle = busy ? 0 : idle + 1
    }
    for (const { seat } of this.#sittings.splice(0)) await seat.leave()
    await this.#advance(8 * 86_400_000)
    this.model.forgetting = true
    for (let round = 0; round < 4; round++)
      for (const lane of LANES)
        for (const duty of ['trim', 'outbox', 'reclaim'] as const) await this.#dispatch(lane, duty)
    await this.#advance(8 * 86_400_000)
    for (let round = 0; round < 2; round++) for (const lane of LANES) await this.#dispatch(lane, 'trim')
    await this.#check()
    for (const reading of this.#last) this.#mustBeEmpty(reading)
    const open = await Promise.all(
      this.#waits.map(async ({ id, ended }) => [id, await Promise.race([ended, this.#soon()])] as const),
    )
    this.#stop.abort()
    await Promise.allSettled(this.#waits.map(({ ended }) => ended))
    for (const [id, outcome] of open)
      if (outcome === 'pending' || outcome === 'gone') throw new Error(`the waiter of ${id} is told: ${outcome}`)
  }

  /** What a seat holds and never heard of is put back, as its heartbeats would have it. */
  async #findMissed({ seat, held, listens }: Sitting): Promise<void> {
    const known = new Set(held.map(({ token }) => token))
    if (listens && (await seat.heartbeat()).tokens > known.size) await seat.reconcile([...known])
  }

  async #soon(): Promise<'pending'> {
    await new Promise((resolve) => setTimeout(resolve, 1_000).unref())
    return 'pending'
  }

  #mustBeEmpty({ keys, meta }: LaneReading): void {
    // `result:`, `stats:`, `minutes:` and `hours:` end by their own time, which does not follow the tests' clock.
    const left = keys.filter(
      (key) => !/^(meta|done|outbox|wake|alarm|sessions|sessions:age|seen|(result|stats|minutes|hours):.*)$/.test(key),
    )
    if (left.length > 0) this.model.wrong(`left behind: ${left.join(' ')}`)
    this.model.counted(meta)
    if (this.model.faults.length > 0)
      throw new Error(`${this.model.faults.join('\n')}\n--- history\n${this.log.slice(-60).join('\n')}`)
  }
}
