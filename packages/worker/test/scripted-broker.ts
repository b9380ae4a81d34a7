import type {
  Broker,
  ConsumerPort,
  ExchangeReply,
  ExchangeRequest,
  Lane,
  ReportUpdate,
  Reservation,
  Seat,
  Settlement,
  TaskDurations,
  WorkerCommand,
  WorkerInfo,
} from '@millrace/broker'
import { laneName } from '@millrace/broker'
import { LeaseLostError } from '@millrace/core'
import { ScriptedCalls } from './scripted-calls.js'

interface Held {
  readonly reservation: Reservation
  readonly incarnation: string
}

/**
 * A broker that hands out what a test queued, and does what the test says. In memory and without time: leases end
 * when the test fences them.
 */
export class ScriptedBroker {
  readonly settled: Settlement[] = []
  readonly exchanges: { lane: string; request: ExchangeRequest }[] = []
  readonly left: string[] = []
  readonly announced: WorkerInfo[] = []
  readonly durations: TaskDurations[] = []
  readonly begun: string[] = []
  readonly progress: { id: string; json: string }[] = []
  /** `held`: whether it came before the job was settled. */
  readonly reports: { id: string; update: ReportUpdate; held: boolean }[] = []
  readonly reconciled: (readonly string[])[] = []
  leaseMs = 10_000
  retired = 0
  heartbeats = 0
  inputs = new Map<string, string[]>()
  commands: WorkerCommand[] = []
  cancelled: string[] = []
  heartbeatModule: { url: string; options: unknown } | undefined
  readonly #calls = new ScriptedCalls()
  readonly faults = this.#calls.faults
  readonly #ready = new Map<string, Omit<Reservation, 'token' | 'lane'>[]>()
  readonly #suspects = new Map<string, Omit<Reservation, 'token' | 'lane'>[]>()
  readonly #held = new Map<string, Held>()
  readonly #fenced = new Set<string>()
  /** Seats that found nothing stand at the door, by queue. */
  hasDoor = false
  readonly atDoor = new Map<string, string>()
  /** What ends jobs ahead of their exchange, if anything does. */
  endsAhead: (() => Promise<void>) | undefined
  /** Whether this driver tells of commands. */
  tellsOfCommands = false
  /** Who wants to know of them, by worker. */
  readonly hearers = new Map<string, () => void>()
  readonly #listeners = new Map<string, (reservations: readonly Reservation[]) => void>()
  readonly #wakes = new Set<() => void>()
  #incarnations = 0
  #tokens = 0

  /** How many jobs have succeeded. What a slow machine gives back unstarted is settled too, and comes again. */
  get succeeded(): number {
    return this.settled.filter(({ verdict }) => verdict.kind === 'succeed').length
  }

  get mostInFlight(): number {
    return this.#calls.mostInFlight
  }

  /** Held now, by id. */
  get held(): string[] {
    return [...this.#held.keys()]
  }

  ready(queue: string): number {
    return this.#ready.get(queue)?.length ?? 0
  }

  /** Adds a job to a queue and wakes who waits. */
  add(queue: string, job: Partial<Reservation> & { id: string; wire: unknown }): void {
    const full = { attemptsUsed: 0, crashes: 0, alone: false, composed: false, feeds: false, atMostOnce: false, ...job }
    const shelf = full.alone ? this.#suspects : this.#ready
    const jobs = shelf.get(queue) ?? []
    jobs.push(full)
    shelf.set(queue, jobs)
    this.wake()
  }

  /** Hands a job over to who stands at the door of its queue. */
  hand(queue: string, job: Partial<Reservation> & { id: string; wire: unknown }): void {
    const incarnation = this.atDoor.get(queue)
    if (incarnation === undefined) throw new Error(`nobody stands at the door of ${queue}`)
    this.atDoor.delete(queue)
    const lane = { queue, index: 0 }
    const plain = { attemptsUsed: 0, crashes: 0, alone: false, composed: false, feeds: false, atMostOnce: false }
    const reservation = { ...plain, ...job, lane, token: String(++this.#tokens) }
    this.#held.set(job.id, { reservation, incarnation })
    this.#listeners.get(incarnation)?.([reservation])
  }

  wake(): void {
    for (const wake of [...this.#wakes]) wake()
  }

  fence(incarnation: string): void {
    this.#fenced.add(incarnation)
    for (const [id, held] of this.#held) {
      if (held.incarnation !== incarnation) continue
      this.#held.delete(id)
      this.add(held.reservation.lane.queue, { ...held.reservation, crashes: held.reservation.crashes + 1 })
    }
  }

  incarnations(): string[] {
    return [...new Set([...this.#held.values()].map((held) => held.incarnation))]
  }

  /** Takes a held job away behind the worker's back, or invents one that it never got. */
  forget(id: string): void {
    this.#held.delete(id)
  }

  get broker(): Broker {
    return {
      kind: 'scripted',
      shared: false,
      consumer: this.consumer,
      close: async () => undefined,
    } as unknown as Broker
  }

  get consumer(): ConsumerPort {
    return {
      join: (lane) => this.#calls.answer('join', () => this.#seat(lane)),
      waitForWork: (lanes, signal) => this.#waitForWork(lanes, signal),
      announce: (info) =>
        this.#calls.answer('announce', () => {
          this.announced.push(info)
          return this.commands.splice(0)
        }),
      ...(this.tellsOfCommands && {
        hearCommands: (workerId: string, heard: () => void) => {
          this.hearers.set(workerId, heard)
          return () => this.hearers.delete(workerId)
        },
      }),
      countDurations: async (lines) => {
        this.durations.push(...lines)
      },
      retire: async () => {
        this.retired += 1
      },
      heartbeatModule: () => this.heartbeatModule,
    }
  }

  #seat(lane: Lane): Seat {
    const incarnation = `i${++this.#incarnations}`
    const check = () => {
      if (this.#fenced.has(incarnation)) throw new LeaseLostError({ lane: laneName(lane), incarnation })
    }
    const mine = () => [...this.#held.values()].filter((held) => held.incarnation === incarnation)
    const putBack = (held: Held) => {
      this.#held.delete(held.reservation.id)
      this.add(lane.queue, held.reservation)
    }
    return {
      lane,
      incarnation,
      leaseMs: this.leaseMs,
      ...(this.hasDoor
        ? {
            receive: (accept: (handed: readonly Reservation[]) => void) =>
              void this.#listeners.set(incarnation, accept),
          }
        : {}),
      ...(this.endsAhead === undefined ? {} : { ahead: this.endsAhead }),
      exchange: (request) =>
        this.#calls.answer('exchange', () => {
          check()
          return this.#exchange(lane, incarnation, request)
        }),
      heartbeat: () =>
        this.#calls.answer('heartbeat', () => {
          check()
          this.heartbeats += 1
          return { cancelled: this.cancelled, tokens: new Set(mine().map((held) => held.reservation.token)).size }
        }),
      reconcile: (tokens) =>
        this.#calls.answer('reconcile', () => {
          check()
          this.reconciled.push(tokens)
          const strays = mine().filter((held) => !tokens.includes(held.reservation.token))
          for (const held of strays) putBack(held)
          return { putBack: strays.length }
        }),
      inputs: async (reservation) => this.inputs.get(reservation.id) ?? [],
      begin: (reservation) =>
        this.#calls.answer('begin', () => {
          check()
          this.begun.push(reservation.id)
          return this.#held.get(reservation.id)?.reservation.token === reservation.token
        }),
      progress: async (reservation, json) => {
        this.progress.push({ id: reservation.id, json })
        return this.#held.has(reservation.id)
      },
      report: async (updates) =>
        updates.map(({ reservation, update }) => {
          const held = this.#held.get(reservation.id)?.reservation.token === reservation.token
          this.reports.push({ id: reservation.id, update, held })
          return held
        }),
      leave: () =>
        this.#calls.answer('leave', () => {
          check()
          this.left.push(incarnation)
          this.#fenced.add(incarnation)
          for (const held of mine()) putBack(held)
        }),
    }
  }

  #exchange(lane: Lane, incarnation: string, request: ExchangeRequest): ExchangeReply {
    this.exchanges.push({ lane: laneName(lane), request })
    const lost: Settlement[] = []
    for (const settlement of request.settlements) {
      const { reservation, verdict } = settlement
      if (this.#held.get(reservation.id)?.reservation.token !== reservation.token) {
        lost.push(settlement)
        continue
      }
      this.#held.delete(reservation.id)
      this.settled.push(settlement)
      if (verdict.kind === 'release' && verdict.delayMs === 0) this.add(lane.queue, reservation)
      if (verdict.kind === 'retry') this.add(lane.queue, { ...reservation, attemptsUsed: reservation.attemptsUsed + 1 })
    }
    const token = String(++this.#tokens)
    const ready = this.#ready.get(lane.queue) ?? []
    const suspects = this.#suspects.get(lane.queue) ?? []
    const taken =
      request.empty && request.want > 0 && suspects.length > 0 ? suspects.splice(0, 1) : ready.splice(0, request.want)
    const reservations = taken.map((job) => ({ ...job, lane, token }))
    for (const reservation of reservations) this.#held.set(reservation.id, { reservation, incarnation })
    const waits = this.hasDoor && request.want > 0 && taken.length === 0
    if (waits) this.atDoor.set(lane.queue, incarnation)
    else this.atDoor.delete(lane.queue)
    return {
      lost,
      reservations,
      atDoor: waits,
      cancelled: this.cancelled,
      drain: suspects.length > 0 && !request.empty,
      more: ready.length > 0,
      paused: false,
    }
  }

  #waitForWork(lanes: readonly Lane[], signal: AbortSignal): Promise<boolean> {
    const any = lanes.some(
      ({ queue }) => (this.#ready.get(queue)?.length ?? 0) + (this.#suspects.get(queue)?.length ?? 0) > 0,
    )
    if (any) return Promise.resolve(true)
    return new Promise((resolve) => {
      const done = (woken: boolean) => {
        this.#wakes.delete(wake)
        resolve(woken)
      }
      const wake = () => done(true)
      this.#wakes.add(wake)
      signal.addEventListener('abort', () => done(false), { once: true })
    })
  }
}
