import { randomBytes } from 'node:crypto'
import type { Lane } from '@millrace/broker'
import type { Engine, LaneCall } from '../engine.js'
import { SessionRefused } from '../link/redis-error.js'
import type { LaneRegistry } from '../registry/lane-registry.js'
import { enqueueScript, helloScript } from '../scripts.generated.js'

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

  constructor(
    readonly engine: Engine,
    readonly registry: LaneRegistry,
    readonly lane: Lane,
  ) {}

  async enqueue(args: readonly string[], call: LaneCall): Promise<string> {
    for (;;) {
      const id = this.#id ?? (await this.#open(call))
      const number = ++this.#number
      try {
        const answer = await this.engine.onLane(enqueueScript, this.lane, [id, String(number), ...args], call)
        return answer as string
      } catch (error) {
        this.#id = undefined
        // Unexecuted, by the lane's own word: the session had expired or the store was emptied. A new one says it again.
        if (error instanceof SessionRefused && error.why === 'no-session') {
          this.registry.forget(this.lane)
          continue
        }
        throw error
      }
    }
  }

  async #open(call: LaneCall): Promise<string> {
    const id = randomBytes(9).toString('base64url')
    const { ids: _unaffected, ...quick } = call
    await this.registry.register(this.lane, quick)
    await this.engine.onLane(helloScript, this.lane, [id], quick)
    this.#id = id
    this.#number = 0
    return id
  }
}
