import { BrokerUnavailableError } from '@millrace/core'
import type { LockStore, ReleaseWatch, Renewal, Taking } from '../campaign/lock-store.js'
import { ReleaseBell } from '../campaign/release-bell.js'
import { nodeTimeoutMs } from '../campaign/trust-window.js'
import { type Canvass, canvass } from './canvass.js'
import type { RedisAddress } from './redis-address.js'
import { RedisNode } from './redis-node.js'
import { ReleaseListener } from './release-listener.js'
import { GIVE_BACK_SCRIPT } from './scripts/give-back-script.js'
import { KEEP_TOKEN_SCRIPT } from './scripts/keep-token-script.js'
import { RENEW_SCRIPT } from './scripts/renew-script.js'
import { TAKE_SCRIPT } from './scripts/take-script.js'

/** Redlock: a lock is held by whom a majority of independent Redis servers names. */
export class RedlockStore implements LockStore {
  readonly #nodes: readonly RedisNode[]
  readonly #listeners: readonly ReleaseListener[]
  /** Fencing tokens of what is held, by holder. */
  readonly #tokens = new Map<string, number>()
  readonly #bells = new Map<string, Set<ReleaseBell>>()
  readonly #prefix: string
  readonly #quorum: number

  constructor(servers: readonly RedisAddress[], prefix: string) {
    this.#nodes = servers.map((server) => new RedisNode(server))
    this.#listeners = servers.map((server) => new ReleaseListener(server, (channel) => this.#ring(channel)))
    this.#prefix = prefix
    this.#quorum = Math.floor(servers.length / 2) + 1
  }

  async take(resource: string, holder: string, ttlMs: number): Promise<Taking> {
    const { answers, faults } = await this.#ask(TAKE_SCRIPT, [holder, String(ttlMs)], {
      resource,
      ttlMs,
      read: readHolding,
      enough: (sofar) => this.#leading(sofar) !== undefined,
    })
    const leading = this.#leading(answers)
    const token = leading === holder ? await this.#keepToken(resource, { holder, ttlMs, answers }) : undefined
    if (token !== undefined) {
      this.#tokens.set(holder, token)
      return { won: true, token }
    }
    const refusals = answers.filter((answer) => answer.holder !== holder)
    // Votes that were given, or whose answer is still out or lost, must not stand in another's way for a TTL.
    if (refusals.length < this.#nodes.length) await this.#drop(resource, { holder, ttlMs, channel: '' })
    if (answers.length < this.#quorum) {
      return { won: false, split: false, freeInMs: undefined, fault: this.#tooFew(answers.length, faults) }
    }
    const needed = this.#quorum - (answers.length - refusals.length)
    return {
      won: false,
      split: leading === undefined || leading === holder,
      freeInMs: freeIn(refusals, needed),
      fault: undefined,
    }
  }

  async renew(resource: string, holder: string, ttlMs: number): Promise<Renewal> {
    const token = String(this.#tokens.get(holder) ?? 0)
    const { answers, faults } = await this.#ask(RENEW_SCRIPT, [holder, String(ttlMs), token], {
      resource,
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

  async giveBack(resource: string, holder: string, ttlMs: number): Promise<void> {
    this.#tokens.delete(holder)
    await this.#drop(resource, { holder, ttlMs, channel: this.#channel(resource) })
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

  #ask<Answer>(script: string, args: readonly string[], how: Asking<Answer>): Promise<Canvass<Answer>> {
    const timeoutMs = nodeTimeoutMs(how.ttlMs)
    const keys = [this.#key(how.resource), `${this.#prefix}:tokens`]
    return canvass(
      this.#nodes,
      (node) =>
        node.run(async (client) => how.read(await client.eval(script, keys.length, ...keys, ...args)), timeoutMs),
      how.enough,
    )
  }

  /** Who holds the lock on a majority, if the answers so far show it. */
  #leading(answers: readonly Holding[]): string | undefined {
    const holders = answers.map(({ holder }) => holder)
    return holders.find((holder) => holders.filter((each) => each === holder).length >= this.#quorum)
  }

  /**
   * The fencing token of a lock that was just won: the largest that its majority drew. Counted only once a majority has noted it while
   * still holding the lock for this holder: any later majority shares a server with that one, and draws a larger one there.
   */
  async #keepToken(resource: string, won: Won): Promise<number | undefined> {
    const token = Math.max(...won.answers.filter(({ holder }) => holder === won.holder).map(({ token }) => token))
    if (this.#nodes.length === 1) return token
    const noted = (answers: readonly number[]) => answers.filter((answer) => answer === 1).length >= this.#quorum
    const { answers } = await this.#ask(KEEP_TOKEN_SCRIPT, [won.holder, String(token)], {
      resource,
      ttlMs: won.ttlMs,
      read: Number,
      enough: noted,
    })
    return noted(answers) ? token : undefined
  }

  async #drop(resource: string, what: { holder: string; ttlMs: number; channel: string }): Promise<void> {
    await this.#ask(GIVE_BACK_SCRIPT, [what.holder, what.channel], {
      resource,
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

interface Won {
  readonly holder: string
  readonly ttlMs: number
  readonly answers: readonly Holding[]
}

interface Asking<Answer> {
  readonly resource: string
  readonly ttlMs: number
  read(reply: unknown): Answer
  enough(answers: readonly Answer[]): boolean
}

/** Whom one server names as the holder, for how many ms from now (negative: without end), and the fencing token that it drew. */
interface Holding {
  readonly holder: string
  readonly leftMs: number
  readonly token: number
}

function readHolding(reply: unknown): Holding {
  const [holder, leftMs, token] = Array.isArray(reply) ? (reply as unknown[]) : []
  return { holder: String(holder), leftMs: Number(leftMs), token: Number(token) }
}

/** When `needed` of the servers that refused will be free, if their holders do nothing. */
function freeIn(refusals: readonly Holding[], needed: number): number | undefined {
  const ends = refusals.map(({ leftMs }) => leftMs).filter((leftMs) => leftMs > 0)
  return ends.toSorted((a, b) => a - b)[needed - 1]
}
