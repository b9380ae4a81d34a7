import type { ConsumerPort, Lane, Seat, TaskDurations, WorkerCommand, WorkerInfo } from '@millrace/broker'
import type { Connection } from '../connection.js'
import { waitForBell } from '../store/bell.js'
import { HeldJobs, type SeatRecord } from '../store/held-jobs.js'
import { MemorySeat } from './memory-seat.js'

const IDLE_LOOK_MS = 5_000

export class MemoryConsumer implements ConsumerPort {
  readonly #connection: Connection

  constructor(connection: Connection) {
    this.#connection = connection
  }

  async join(lane: Lane, worker: { readonly id: string; readonly leaseMs: number }): Promise<Seat> {
    const store = this.#connection.lane(lane)
    const app = this.#connection.store()
    app.lastIncarnation += 1
    const seat: SeatRecord = {
      incarnation: `${worker.id}~${app.lastIncarnation}`,
      workerId: worker.id,
      leaseMs: worker.leaseMs,
      joinedAt: store.now(),
      leaseFrom: store.now(),
      spared: false,
      held: new HeldJobs(),
    }
    store.seats.set(seat.incarnation, seat)
    return new MemorySeat(this.#connection, store.lane, seat)
  }

  async waitForWork(lanes: readonly Lane[], signal: AbortSignal): Promise<boolean> {
    const bells = lanes.map((lane) => this.#connection.lane(lane).wake)
    await this.#connection.turn()
    return waitForBell(bells, IDLE_LOOK_MS, [signal, this.#connection.closed])
  }

  async announce(info: WorkerInfo): Promise<readonly WorkerCommand[]> {
    const app = this.#connection.store()
    const from = app.workers.get(info.id)?.commandsSeen ?? app.lastCommand
    app.workers.set(info.id, { info, seenAt: app.clock.now(), commandsSeen: app.lastCommand })
    return app.commands
      .filter(({ number, command }) => number > from && (command.workers?.includes(info.id) ?? true))
      .map(({ command }) => command)
  }

  hearCommands(workerId: string, heard: () => void): () => void {
    const { commandHearers } = this.#connection.store()
    commandHearers.set(workerId, heard)
    return () => commandHearers.delete(workerId)
  }

  async countDurations(durations: readonly TaskDurations[]): Promise<void> {
    const app = this.#connection.store()
    app.durations.count(app.clock.now(), durations)
  }

  async retire(workerId: string): Promise<void> {
    this.#connection.store().workers.delete(workerId)
  }

  heartbeatModule(): undefined {
    return undefined
  }
}
