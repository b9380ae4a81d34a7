import { type DispatchPort, type Epoch, type Lane, type LaneAgenda, type LeaderInfo, laneName } from '@millrace/broker'
import { StaleEpochError } from '@millrace/core'

interface FakeLane {
  readonly lane: Lane
  due: number[]
  sweepAt: number | undefined
  outbox: number
  epoch: Epoch
}

/** A dispatch port over plain arrays: what the dispatcher is told and what it does can be seen. Batches of 100. */
export class FakeDispatch implements DispatchPort {
  readonly #lanes = new Map<string, FakeLane>()
  readonly #alarms = new Set<() => void>()
  /** Every call in order: `verb lane`. */
  readonly calls: string[] = []
  /** When each promoted job was promoted, minus when it was due. */
  readonly lateness: number[] = []
  readonly ended: Epoch[] = []
  readonly leaders: LeaderInfo[] = []
  minted: Epoch = 0
  /** Verbs on lanes that fail: `promote slow/0`. */
  readonly broken = new Set<string>()
  /** Held up until it resolves. */
  hold: Promise<void> | undefined

  put(lane: Lane, change: { due?: readonly number[]; sweepAt?: number; outbox?: number }): void {
    const held = this.#lane(lane)
    held.due = [...held.due, ...(change.due ?? [])].toSorted((a, b) => a - b)
    held.sweepAt = change.sweepAt ?? held.sweepAt
    held.outbox += change.outbox ?? 0
    this.alarm()
  }

  alarm(): void {
    for (const wake of [...this.#alarms]) wake()
  }

  /** Another dispatcher has been here. */
  outdate(lane: Lane, epoch: Epoch): void {
    this.#lane(lane).epoch = epoch
    this.minted = Math.max(this.minted, epoch)
  }

  left(lane: Lane): number {
    return this.#lane(lane).due.length
  }

  outbox(lane: Lane): number {
    return this.#lane(lane).outbox
  }

  async lanes(): Promise<readonly Lane[]> {
    return [...this.#lanes.values()].map(({ lane }) => lane)
  }

  async readEpoch(): Promise<Epoch> {
    return this.minted
  }

  async mintEpoch(seen: Epoch, leader: LeaderInfo): Promise<Epoch> {
    if (seen !== this.minted) throw new StaleEpochError({ epoch: seen, seen: this.minted })
    this.minted = Math.max(seen + 1, Date.now())
    this.leaders.push(leader)
    return this.minted
  }

  async endTerm(epoch: Epoch): Promise<void> {
    this.ended.push(epoch)
  }

  async promoteDue(lane: Lane, epoch: Epoch): Promise<{ promoted: number; more: boolean }> {
    const held = await this.#enter('promote', lane, epoch)
    const now = Date.now()
    const ripe = held.due.filter((at) => at <= now).slice(0, 100)
    held.due = held.due.slice(ripe.length)
    this.lateness.push(...ripe.map((at) => now - at))
    return { promoted: ripe.length, more: (held.due[0] ?? Number.POSITIVE_INFINITY) <= now }
  }

  async reclaimExpired(lane: Lane, epoch: Epoch): Promise<Awaited<ReturnType<DispatchPort['reclaimExpired']>>> {
    const held = await this.#enter('reclaim', lane, epoch)
    const ripe = held.sweepAt !== undefined && held.sweepAt <= Date.now()
    if (ripe) held.sweepAt = undefined
    return { reclaimed: ripe ? 1 : 0, poisoned: 0, crashed: [], more: false }
  }

  async drainOutbox(lane: Lane, epoch: Epoch): Promise<{ delivered: number; more: boolean }> {
    const held = await this.#enter('drain', lane, epoch)
    const delivered = Math.min(held.outbox, 100)
    held.outbox -= delivered
    return { delivered, more: held.outbox > 0 }
  }

  async trim(lane: Lane, epoch: Epoch): Promise<{ trimmed: number; more: boolean }> {
    await this.#enter('trim', lane, epoch)
    return { trimmed: 0, more: false }
  }

  async agenda(lane: Lane, epoch: Epoch): Promise<LaneAgenda> {
    const held = await this.#enter('agenda', lane, epoch)
    return { now: Date.now(), dueAt: held.due[0], sweepAt: held.sweepAt, outbox: held.outbox }
  }

  waitForAlarm(_lanes: readonly Lane[], signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        clearTimeout(timer)
        this.#alarms.delete(wake)
        resolve()
      }
      const timer = setTimeout(wake, 5_000)
      this.#alarms.add(wake)
      signal.addEventListener('abort', wake)
    })
  }

  #lane(lane: Lane): FakeLane {
    const held = this.#lanes.get(laneName(lane)) ?? { lane, due: [], sweepAt: undefined, outbox: 0, epoch: 0 }
    this.#lanes.set(laneName(lane), held)
    return held
  }

  async #enter(verb: string, lane: Lane, epoch: Epoch): Promise<FakeLane> {
    this.calls.push(`${verb} ${laneName(lane)}`)
    await (this.hold ?? new Promise(setImmediate))
    if (this.broken.has(`${verb} ${laneName(lane)}`)) throw new Error('broken')
    const held = this.#lane(lane)
    if (epoch < held.epoch) throw new StaleEpochError({ epoch, seen: held.epoch })
    held.epoch = epoch
    return held
  }
}
