import { BrokerUnavailableError } from '@millrace/core'
import type { LockStore, ReleaseWatch, Renewal, Taking } from '../campaign/lock-store.js'
import { ReleaseBell } from '../campaign/release-bell.js'
import { nodeTimeoutMs } from '../campaign/trust-window.js'
import { type Canvass, canvass } from './canvass.js'
import type { RedisAddress } from './redis-address.js'
import { RedisNode } from './redis-node.js'
import { ReleaseListener } from './release-listener.js'
import { GIVE_BACK_SCRIPT } from './scripts/give-back-script.js'
import { RENEW_SCRIPT } from './scripts/renew-script.js'
import { TAKE_SCRIPT } from './scripts/take-script.js'

/** Redlock: a lock is held by whom a majority of independent Redis servers names. */
export class RedlockStore implements LockStore {
  readonly #nodes: readonly RedisNode[]
  readonly #listeners: readonly ReleaseListener[]
  readonly #bells = new Map<string, Set<ReleaseBell>>()
  readonly #prefix: string
  readonly #quorum: number

  constructor(servers: readonly RedisAddress[], prefix: string) {
    this.#nodes = servers.map((server) => new RedisNode(server))
    this.#listeners = servers.map((server) => new ReleaseListener(server, (channel) => this.#ring(channel)))
    this.#prefix = prefix
    this.#quorum = Math.floor(servers.length / 2) + 1
  }

  async take(resource: string, token: string, ttlMs: number): Promise<Taking> {
    const args: Call = [this.#key(resource), token, String(ttlMs)]
    const { answers, faults } = await this.#ask(TAKE_SCRIPT, args, {
      ttlMs,
      read: readHolding,
      enough: (sofar) => this.#leading(sofar) !== undefined,
    })
    const holder = this.#leading(answers)
    if (holder === token) return { won: true }
    const refusals = answers.filter((answer) => answer.holder !== token)
    // Votes that were given, or whose answer is still out or lost, must not stand in another's way for a TTL.
    if (refusals.length < this.#nodes.length) await this.#drop(resource, { token, ttlMs, channel: '' })
    if (answers.length < this.#quorum) {
      return { won: false, split: false, freeInMs: undefined, fault: this.#tooFew(answers.length, faults) }
    }
    const needed = this.#quorum - (answers.length - refusals.length)
    return { won: false, split: holder === undefined, freeInMs: freeIn(refusals, needed), fault: undefined }
  }

  async renew(resource: string, token: string, ttlMs: number): Promise<Renewal> {
    const { answers, faults } = await this.#ask(RENEW_SCRIPT, [this.#key(resource), token, String(ttlMs)], {
      ttlMs,
      read: Number,
      enough: (sofar) => sofar.filter((answer) => answer === 1).length >= this.#quorum,
    })
    if (answers.filter((answer) => answer === 1).length >= this.#quorum) return { state: 'renewed' }
    // Lost for sure when the others can no longer make a majority, even if they all said yes.
    const refused = answers.filter((answer) => answer === 0).length
    if (this.#nodes.length - refused < this.#quorum) return { state: 'lost' }
    return { state: 'unknown', fault: this.#tooFew(answers.length, faults) }
  }

  async giveBack(resource: string, token: string, ttlMs: number): Promise<void> {
    await this.#drop(resource, { token, ttlMs, channel: this.#channel(resource) })
  }

  watch(resource: string): ReleaseWatch {
    const channel = this.#channel(resource)
    const bells = this.#bells.get(channel) ?? new Set()
    this.#bells.set(channel, bells)
    const bell = new ReleaseBell(() => {
      if (!bells.delete(bell)) return
      for (const listener of this.#listeners) listener.remove(channel)
      if (bells.size === 0 && this.#bells.get(channel) === bells) this.#bells.delete(channel)
    })
    bells.add(bell)
    for (const listener of this.#listeners) listener.add(channel)
    return bell
  }

  async close(): Promise<void> {
    for (const node of this.#nodes) node.close()
    for (const listener of this.#listeners) listener.close()
  }

  #ask<Answer>(script: string, [key, ...args]: Call, how: Asking<Answer>): Promise<Canvass<Answer>> {
    const timeoutMs = nodeTimeoutMs(how.ttlMs)
    return canvass(
      this.#nodes,
      (node) => node.run(async (client) => how.read(await client.eval(script, 1, key, ...args)), timeoutMs),
      how.enough,
    )
  }

  /** Who holds the lock on a majority, if the answers so far show it. */
  #leading(answers: readonly Holding[]): string | undefined {
    const holders = answers.map(({ holder }) => holder)
    return holders.find((holder) => holders.filter((each) => each === holder).length >= this.#quorum)
  }

  async #drop(resource: string, what: { token: string; ttlMs: number; channel: string }): Promise<void> {
    await this.#ask(GIVE_BACK_SCRIPT, [this.#key(resource), what.token, what.channel], {
      ttlMs: what.ttlMs,
      read: Number,
      // The rest is on its way, each on the connection that a later call of ours would use too.
      enough: (sofar) => sofar.length >= this.#quorum,
    })
  }

  #ring(channel: string): void {
    for (const bell of this.#bells.get(channel) ?? []) bell.ring()
  }

  #key(resource: string): string {
    return `${this.#prefix}:${resource}`
  }

  #channel(resource: string): string {
    return `${this.#prefix}:${resource}:released`
  }

  #tooFew(answered: number, faults: readonly unknown[]): BrokerUnavailableError {
    const what = `no majority of the coordination servers: ${answered} of ${this.#nodes.length} answered, ${this.#quorum} are needed`
    const address = this.#nodes.map((node) => node.name).join(', ')
    return new BrokerUnavailableError({ what, address, cause: faults[0] })
  }
}

/** One script's key and arguments. */
type Call = readonly [key: string, ...args: string[]]

interface Asking<Answer> {
  readonly ttlMs: number
  read(reply: unknown): Answer
  enough(answers: readonly Answer[]): boolean
}

/** Whom one server names as the holder, and for how many ms from now; negative: without end. */
interface Holding {
  readonly holder: string
  readonly leftMs: number
}

function readHolding(reply: unknown): Holding {
  const [holder, leftMs] = Array.isArray(reply) ? (reply as unknown[]) : []
  return { holder: String(holder), leftMs: Number(leftMs) }
}

/** When `needed` of the servers that refused will be free, if their holders do nothing. */
function freeIn(refusals: readonly Holding[], needed: number): number | undefined {
  const ends = refusals.map(({ leftMs }) => leftMs).filter((leftMs) => leftMs > 0)
  return ends.toSorted((a, b) => a - b)[needed - 1]
}
