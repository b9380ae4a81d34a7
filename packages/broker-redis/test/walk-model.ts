import type { EnqueueAnswer, Lane, NewJob, Reservation, Settlement } from '@millrace/broker'
import type { Dice } from './dice.js'
import type { LaneReading } from './lane-audit.js'

interface Known {
  readonly job: NewJob
  readonly lane: Lane
  expiresAt: number
  /** Why its message may be gone; no reason, no going. */
  mayEnd: string | undefined
  handedOut: number
  /** How often it may be handed out, where that is bounded. */
  allowance: number
  succeeded: number
  nextIndex: number
  readonly inputs: Map<number, string>
  holdsUnique: boolean
}

/** What the caller of a broker knows, and what therefore may and may not be seen in the store. */
export class WalkModel {
  readonly faults: string[] = []
  readonly #jobs = new Map<string, Known>()
  readonly #cancelAsked = new Set<string>()
  /** Ids that were freed by a cancel and are about to be used again: each once. */
  readonly #reborn = new Set<string>()
  readonly #strays = new WeakSet<Reservation>()
  now = 0
  forgetting = false
  #successes = new Map<number, number>()

  wrong(what: string): void {
    this.faults.push(what)
  }

  enqueued(lane: Lane, job: NewJob, answer: EnqueueAnswer): void {
    const known = this.#jobs.get(job.id)
    const { unique, expiresMs, atMostOnce, named } = job.attrs ?? {}
    if (answer.kind === 'duplicate') {
      if (known === undefined || !named) this.wrong(`${job.id} is no duplicate`)
      return
    }
    if (known !== undefined && (known.mayEnd !== 'cancelled' || known.job.attrs?.named))
      this.wrong(`${job.id} was accepted twice`)
    this.#cancelAsked.delete(job.id)
    this.#reborn.delete(job.id)
    if (answer.kind === 'conflict') {
      const holder = this.#jobs.get(answer.holder)
      if (unique === undefined || holder?.job.attrs?.unique?.key !== unique.key)
        this.wrong(`${job.id} conflicts with ${answer.holder}?`)
      if (!holder?.holdsUnique) this.wrong(`${answer.holder} has let go of ${unique?.key}`)
      return
    }
    this.#jobs.set(job.id, {
      job,
      lane,
      mayEnd: undefined,
      handedOut: 0,
      allowance: atMostOnce ? 1 : Number.POSITIVE_INFINITY,
      succeeded: 0,
      nextIndex: 0,
      expiresAt: expiresMs === undefined ? Number.POSITIVE_INFINITY : this.now + expiresMs,
      inputs: new Map(),
      holdsUnique: unique !== undefined,
    })
  }

  anyId(lane: Lane, dice: Dice): string | undefined {
    const mine = [...this.#jobs.values()].filter((known) => known.lane === lane)
    return mine.length === 0 ? undefined : dice.pick(mine.slice(-25)).job.id
  }

  /** An ordinary job that was cancelled: its id is free again, its entry may still be there. */
  someCancelled(lane: Lane, dice: Dice): string | undefined {
    const free = [...this.#jobs.values()].filter(
      ({ job, lane: its, mayEnd }) => its === lane && mayEnd === 'cancelled' && !job.attrs && !this.#reborn.has(job.id),
    )
    if (free.length === 0) return undefined
    const { id } = dice.pick(free).job
    this.#reborn.add(id)
    return id
  }

  someNamed(lane: Lane, dice: Dice): string | undefined {
    const named = [...this.#jobs.values()].filter((known) => known.lane === lane && known.job.attrs?.named)
    return named.length === 0 ? undefined : dice.pick(named).job.id
  }

  /** A waiting job that lacks a member, and the next index for one. */
  openBody(dice: Dice): { lane: Lane; id: string; index: number } | undefined {
    const open = [...this.#jobs.values()].filter(
      ({ job, nextIndex, mayEnd }) => mayEnd === undefined && nextIndex < (job.attrs?.waitsFor ?? 0),
    )
    if (open.length === 0) return undefined
    const body = dice.pick(open)
    return { lane: body.lane, id: body.job.id, index: body.nextIndex++ }
  }

  handedOut(reservation: Reservation, inputs: readonly string[] | undefined): void {
    const known = this.#jobs.get(reservation.id)
    if (known === undefined) {
      this.wrong(`${reservation.id} came from nowhere`)
      return
    }
    known.handedOut++
    if (known.expiresAt <= this.now) this.wrong(`${reservation.id} had expired and was handed out`)
    if (known.handedOut > known.allowance) this.wrong(`${reservation.id} is at most once and was handed out again`)
    if (known.succeeded > 0) this.wrong(`${reservation.id} was handed out after its success`)
    if (known.job.attrs?.unique?.until === 'started') known.holdsUnique = false
    const { waitsFor } = known.job.attrs ?? {}
    if (waitsFor === undefined) return
    const expected = Array.from({ length: waitsFor }, (_, i) => known.inputs.get(i))
    if (JSON.stringify(inputs) !== JSON.stringify(expected))
      this.wrong(`${reservation.id} runs with ${JSON.stringify(inputs)} for ${JSON.stringify(expected)}`)
  }

  settled({ reservation, verdict }: Settlement): void {
    const known = this.#jobs.get(reservation.id) as Known
    if (verdict.kind === 'succeed') {
      known.succeeded++
      if (known.succeeded > 1) this.wrong(`${reservation.id} succeeded twice`)
      known.mayEnd = 'succeeded'
      this.#successes.set(known.lane.index, (this.#successes.get(known.lane.index) ?? 0) + 1)
      const { joins } = known.job.attrs ?? {}
      if (joins !== undefined) this.#jobs.get(joins.id)?.inputs.set(joins.index, verdict.outputJson ?? 'null')
    } else if (verdict.kind === 'fail') {
      // It has ended; brought back by a retry, it is not asked to stop.
      this.#cancelAsked.delete(reservation.id)
    } else if (verdict.kind === 'cancel' || this.#cancelAsked.has(reservation.id)) {
      known.mayEnd = 'cancelled'
    }
  }

  putBack(reservation: Reservation): void {
    this.#strays.add(reservation)
    // A stray is put back uncounted, at-most-once or not: by its rules the worker never saw it.
    const known = this.#jobs.get(reservation.id)
    if (known !== undefined) known.allowance++
  }

  mayBeLost(reservation: Reservation): boolean {
    return this.#strays.has(reservation)
  }

  controlled(id: string, answer: string): void {
    const known = this.#jobs.get(id) as Known
    if (answer === 'cancelled') known.mayEnd = 'cancelled'
    if (answer === 'asked') this.#cancelAsked.add(id)
    if (answer === 'discarded') known.mayEnd = 'discarded'
    if (answer === 'retried') known.expiresAt = Number.POSITIVE_INFINITY
    if (answer === 'retried') known.allowance = known.job.attrs?.atMostOnce ? known.handedOut + 1 : known.allowance
  }

  purging({ places }: LaneReading): void {
    for (const known of this.#jobs.values()) {
      const where = places.get(known.job.id)?.[0]
      if (where !== 'failed') known.mayEnd ??= where?.startsWith('seat:') ? undefined : 'purged'
    }
  }

  /** What may have changed between two readings of one lane. */
  compare(before: LaneReading, after: LaneReading): readonly string[] {
    const findings = this.faults.splice(0)
    for (const id of after.jobs.keys()) {
      const known = this.#jobs.get(id)
      if (known === undefined) findings.push(`${id} was never accepted`)
      else if (after.places.get(id)?.includes('failed')) known.holdsUnique = false
    }
    for (const id of before.jobs.keys()) {
      if (after.jobs.has(id)) continue
      const known = this.#jobs.get(id) as Known
      known.holdsUnique = false
      const wasFailed = before.places.get(id)?.includes('failed')
      const mayEnd =
        known.mayEnd ??
        (this.#cancelAsked.has(id) || known.expiresAt <= this.now + 60_000 || (this.forgetting && wasFailed))
      // A body whose members never came, or not all, expires; one that has all of them runs.
      const incomplete = known.inputs.size < (known.job.attrs?.waitsFor ?? 0)
      if (!mayEnd && !(this.forgetting && incomplete)) findings.push(`${id} is lost`)
    }
    for (const [id, known] of this.#jobs) {
      if (known.mayEnd === 'succeeded' && after.jobs.has(id)) findings.push(`${id} has succeeded and is still there`)
    }
    return findings
  }

  counted(meta: ReadonlyMap<string, string>): void {
    const total = Number(meta.get('succeeded') ?? 0)
    if (![...this.#successes.values(), 0].includes(total))
      this.wrong(`counted ${total} successes: ${JSON.stringify([...this.#successes])}`)
  }
}
