import type { Broker, EnqueueAnswer, Lane, NewJob } from '@millrace/broker'
import type { Redis } from 'ioredis'
import type { Keyspace } from '../src/keyspace.js'
import type { Dice } from './dice.js'
import { advanceClock } from './instrumented-scripts.js'
import type { LaneReading } from './lane-audit.js'
import { auditLane } from './lane-audit.js'
import { WalkDoor } from './walk-door.js'
import type { Duty } from './walk-drain.js'
import { drainWalk, leftBehind } from './walk-drain.js'
import { drawJob } from './walk-draw.js'
import { WalkModel } from './walk-model.js'
import { WalkSeats } from './walk-seats.js'
import { WalkWaits } from './walk-waits.js'

const LANES: readonly Lane[] = [
  { queue: 'walk', index: 0 },
  { queue: 'walk', index: 1 },
]
const EPOCH = 1
const EMPTY: readonly never[] = []

/** One random history on two lanes, checked after every step against a model that knows only what a caller can know. */
export class LaneWalk {
  readonly model = new WalkModel()
  readonly log: string[] = []
  readonly door: WalkDoor
  readonly #seats: WalkSeats
  readonly #waits: WalkWaits
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
    this.#waits = new WalkWaits(parts)
    const { model, log, door } = this
    this.#seats = new WalkSeats({ ...parts, model, log, door, number: () => this.#ids++ })
  }

  /** Rejects with the history that led to what is wrong. */
  async run(steps: number): Promise<void> {
    try {
      await this.#run(steps)
    } catch (error) {
      const { message } = error as Error
      throw new Error(`${message}\n--- history\n${this.log.slice(-60).join('\n')}`, { cause: error })
    }
  }

  async #run(steps: number): Promise<void> {
    this.#last = await this.#read()
    // From then on this process hears of the ends of jobs that it says to be awaited.
    if (this.parts.doors) for (const lane of LANES) await this.parts.broker.results.wait({ lane, id: 'nobody' })
    for (let i = 0; i < steps; i++) {
      await this.#step()
      if (i % this.parts.checkEvery === 0) await this.#check()
    }
    await this.#check()
    await this.#end()
  }

  async #step(): Promise<void> {
    const { dice } = this.parts
    const lane = dice.pick(LANES)
    const act = dice.weighted<() => Promise<unknown>>([
      [8, () => this.#enqueue(lane)],
      [16, () => this.#seats.exchange(lane)],
      [6, () => this.#control(lane)],
      [5, () => this.#dispatch(lane, dice.pick(['promote', 'reclaim', 'reclaim', 'outbox', 'trim']))],
      [3, () => this.#seats.call(lane)],
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
    if (dice.chance(0.7)) await this.#seats.stand(lane)
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
    await this.door.delivered(job.id, this.#seats.listeningIn(lane))
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

  async #dispatch(lane: Lane, duty: Duty): Promise<boolean> {
    const { dispatch } = this.parts.broker
    if (duty === 'promote') return (await dispatch.promoteDue(lane, EPOCH)).promoted > 0
    if (duty === 'outbox') return (await dispatch.drainOutbox(lane, EPOCH)).delivered > 0
    if (duty === 'trim') return (await dispatch.trim(lane, EPOCH)).trimmed > 0
    const { reclaimed } = await dispatch.reclaimExpired(lane, EPOCH)
    this.log.push(`reclaim ${lane.index}: ${reclaimed}`)
    return reclaimed > 0
  }

  async #advance(ms: number): Promise<void> {
    this.log.push(`advance ${ms}`)
    this.model.now += ms
    await advanceClock(this.parts.raw, ms)
  }

  async #wait(lane: Lane): Promise<void> {
    const id = this.model.anyId(lane, this.parts.dice)
    if (id === undefined || !(this.#last[lane.index] as LaneReading).jobs.has(id)) return
    await this.#waits.begin(lane, id)
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
    if (findings.length > 0) throw new Error(findings.join('\n'))
  }

  /** At the end nothing may be left but what is kept on purpose, all is counted, and whoever waits was told. */
  async #end(): Promise<void> {
    this.log.push('drain')
    await drainWalk({
      lanes: LANES,
      broker: this.parts.broker,
      seats: this.#seats,
      advance: (ms) => this.#advance(ms),
      dispatch: (lane, duty) => this.#dispatch(lane, duty),
      check: () => this.#check(),
      forget: () => {
        this.model.forgetting = true
      },
    })
    for (const reading of this.#last) {
      const left = leftBehind(reading)
      if (left.length > 0) this.model.wrong(`left behind: ${left.join(' ')}`)
      this.model.counted(reading.meta)
    }
    if (this.model.faults.length > 0) throw new Error(this.model.faults.join('\n'))
    await this.#waits.mustBeTold()
  }
}
