import { randomBytes } from 'node:crypto'
import type { Lane } from '@millrace/broker'
import { OutcomeUnknownError } from '@millrace/core'
import type { Engine } from '../engine.js'
import type { LinkCall } from '../link/link-call.js'
import { SessionRefused } from '../link/redis-error.js'
import type { LaneRegistry } from '../registry/lane-registry.js'
import { enqueueScript, helloScript } from '../scripts.generated.js'
import type { UnknownCalls } from './unknown-calls.js'

/** What the sessions of one producer share. */
export interface SessionScope {
  readonly engine: Engine
  readonly registry: LaneRegistry
  readonly unknown: UnknownCalls
}

/** A session that is in use is noted to be so as often as this. The lane forgets one after an hour (`sessionMs`). */
const REFRESH_MS = 60_000

/**
 * One producer's numbered conversation with a lane. One call at a time, numbered 1, 2, 3…: a call that the connection made
 * us send twice is executed once, and one that arrives late or out of order is refused unexecuted.
 *
 * After a call whose fate stayed unknown the numbers are no longer certain: the session is given up, and the late
 * call can still only count in the old one.
 */
export class ProducerSession {
  #id: string | undefined
  #number = 0
  /** When the lane last noted its age, or a little earlier. */
  #noted = { monotonic: 0, wall: 0 }

  constructor(
    readonly scope: SessionScope,
    readonly lane: Lane,
  ) {}

  /** `args` as `encodeJobs` makes them. */
  enqueue(args: string[], call: LinkCall): Promise<string> {
    if (this.#id === undefined) return this.#insist(args, call)
    return this.#say(this.#id, args, call).catch((error: unknown) => this.#judge(error, args, call))
  }

  async #insist(args: string[], call: LinkCall): Promise<string> {
    const id = await this.#open(call)
    return this.#say(id, args, call).catch((error: unknown) => this.#judge(error, args, call))
  }

  #say(session: string, args: string[], call: LinkCall): Promise<string> {
    this.#number += 1
    const refresh = this.#isOld
    if (refresh) this.#note()
    return say(this.scope.engine, this.lane, { session, number: this.#number, args, call, refresh })
  }

  /** Throws what a failed call means, or says it again in a new session. */
  #judge(error: unknown, args: string[], call: LinkCall): Promise<string> {
    const session = this.#id as string
    const number = this.#number
    this.#id = undefined
    if (error instanceof OutcomeUnknownError) {
      this.scope.unknown.remember({ session, number, args, ids: call.ids?.() ?? [] })
    }
    // Unexecuted, by the lane's own word: the session had expired, or the store was emptied or lost its last writes (failed over), this
    // session's among them. A new one says it again.
    if (error instanceof SessionRefused && (error.why === 'no-session' || error.last < number)) {
      this.scope.registry.forget(this.lane)
      return this.#insist(args, call)
    }
    throw error
  }

  async #open(call: LinkCall): Promise<string> {
    const id = randomBytes(9).toString('base64url')
    const { ids: _unaffected, ...quick } = call
    await this.scope.registry.register(this.lane, quick)
    this.#note()
    await this.scope.engine.onLane(helloScript, this.lane, [id], quick)
    this.#id = id
    this.#number = 0
    return id
  }

  #note(): void {
    this.#noted = { monotonic: performance.now(), wall: Date.now() }
  }

  /** By either clock: one stands still while the machine sleeps, the other can be set back. */
  get #isOld(): boolean {
    const { monotonic, wall } = this.#noted
    return performance.now() - monotonic > REFRESH_MS || Math.abs(Date.now() - wall) > REFRESH_MS
  }
}

interface NumberedCall {
  readonly session: string
  readonly number: number
  readonly args: string[]
  readonly call: LinkCall
  /** The lane is to note that the session is in use. Default: it is not. */
  readonly refresh?: boolean
}

/** Says a numbered call of a session, for the first time or again; the first two places of `args` are for session and number. */
export function say(
  engine: Engine,
  lane: Lane,
  { session, number, args, call, refresh = false }: NumberedCall,
): Promise<string> {
  args[0] = session
  args[1] = refresh ? `${number}+` : String(number)
  return engine.onLane(enqueueScript, lane, args, call) as Promise<string>
}
