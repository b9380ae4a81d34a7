import { BrokerUnavailableError, BrokerUnfitError, OutcomeUnknownError, Roster } from '@millrace/core'
import type { Script } from '../scripts.generated.js'
import type { RedisClient, RedisTarget } from './address.js'
import { describeTarget } from './address.js'
import { Backoff } from './backoff.js'
import { BusyPoll } from './busy-poll.js'
import { connect, type FitnessCheck } from './connect.js'
import type { LinkCall } from './link-call.js'
import { type CallEnd, type Flight, LinkLost, PendingCall } from './pending-call.js'
import type { ReplyReader } from './queued-command.js'
import { classifyRedisError } from './redis-error.js'
import { sendCommand, sendScript, sendScriptBehind } from './send-command.js'

const DEFAULT_TIMEOUT_MS = 10_000
/** A reply that takes longer means a dead link, not a slow server: the call is sent again on a new connection. */
const REPLY_TIMEOUT_MS = 4_000
const WATCH_MS = 100

type Issue = (client: RedisClient, reader: ReplyReader, reload: boolean) => void

interface Attempt {
  readonly call: LinkCall
  readonly issue: Issue
  readonly deadline: number
}

/**
 * One command connection to Redis that survives. Every call has a deadline; a call whose connection is lost is sent again on a
 * new one (all our scripts are safe to repeat); a half-open socket is noticed by a reply that is late, and replaced by a new
 * client object. An idle link does not keep the process alive, and a lost one reconnects only when there is something to say.
 */
export class Link {
  readonly #target: RedisTarget
  readonly #check: FitnessCheck
  readonly #backoff = new Backoff()
  readonly #flight: Flight = { calls: new Roster(), poll: new BusyPoll() }
  #client: RedisClient | undefined
  #connecting: Promise<RedisClient> | undefined
  #watchdog: NodeJS.Timeout | undefined
  #held = false
  #closed = false
  /** What ends the pauses under way. */
  readonly #pauses = new Set<() => void>()

  /** `check: 'none'` talks to an unfit server too: for whoever examines it. */
  constructor(target: RedisTarget, check: FitnessCheck = 'fit') {
    this.#target = target
    this.#check = check
  }

  get address(): string {
    return describeTarget(this.#target)
  }

  /** Runs a script; `args` begin with the prefix of its keys. */
  run(script: Script, args: readonly string[], call: LinkCall): Promise<unknown> {
    return this.#attempt(call, (client, reader, reload) => {
      if (reload) sendScript(client, 'eval', [script.source, '1', ...args], reader)
      else (call.publishes ? sendScriptBehind : sendScript)(client, 'evalsha', [script.sha, '1', ...args], reader)
    })
  }

  /** Runs a plain command that is safe to repeat. */
  command(name: string, args: readonly string[], call: LinkCall): Promise<unknown> {
    return this.#attempt(call, (client, reader) => sendCommand(client, name, args, reader))
  }

  close(): void {
    this.#closed = true
    for (const end of [...this.#pauses]) end()
    this.#drop(new LinkLost('closed'))
  }

  /** The ordinary call, connected and answered, makes one promise; for all else there is `#insist`. */
  #attempt(call: LinkCall, issue: Issue): Promise<unknown> {
    const now = performance.now()
    const attempt = { call, issue, deadline: now + (call.timeoutMs ?? DEFAULT_TIMEOUT_MS) }
    const client = this.#client
    if (client === undefined || call.signal?.aborted) return this.#insist(attempt)
    return new Promise((resolve, reject) => {
      const failed = (error: unknown) => void this.#insist(attempt, { error }).then(resolve, reject)
      this.#say(client, attempt, { sentAt: now, reload: false }, { answered: resolve, failed })
    })
  }

  /** Tries until there is an answer, or the deadline has passed. `first`: how it failed before. */
  async #insist(attempt: Attempt, first?: { readonly error: unknown }): Promise<unknown> {
    const { call, deadline } = attempt
    let sent = first !== undefined
    let reload = false
    let cause: unknown
    let waits = 0
    let failed = first
    for (;;) {
      if (failed !== undefined) {
        const { error } = failed
        failed = undefined
        cause = error
        if (error instanceof BrokerUnfitError) throw error
        if (error instanceof LinkLost || !(error instanceof Error)) {
          // Sent again on a new connection.
        } else if (error.name !== 'ReplyError') {
          // Refused before it was written (not connected): nothing has happened.
          await this.#pause(deadline, this.#backoff.next())
        } else {
          const meaning = classifyRedisError(error, call.what())
          if (meaning.kind === 'refused') throw meaning.error
          if (meaning.kind === 'reload') reload = true
          else {
            sent = false
            if (meaning.kind === 'reconnect') this.#drop(new LinkLost(error.message))
            await this.#pause(deadline, Math.min(20 * 2 ** waits++, 500))
          }
        }
      }
      call.signal?.throwIfAborted()
      if (this.#closed) throw this.#giveUp(call, sent, new Error('the broker was closed'))
      if (performance.now() >= deadline) throw this.#giveUp(call, sent, cause)
      try {
        const client = this.#client ?? (await before(deadline, this.#connect(deadline)))
        sent = true
        return await new Promise((answered, failed) =>
          this.#say(client, attempt, { sentAt: performance.now(), reload }, { answered, failed }),
        )
      } catch (error) {
        failed = { error }
      }
    }
  }

  #giveUp(call: LinkCall, sent: boolean, cause: unknown): Error {
    if (sent && call.ids !== undefined) return new OutcomeUnknownError({ what: call.what(), ids: call.ids(), cause })
    return new BrokerUnavailableError({ what: call.what(), address: this.address, cause })
  }

  #connect(deadline: number): Promise<RedisClient> {
    this.#connecting ??= this.#open(deadline).finally(() => {
      this.#connecting = undefined
    })
    return this.#connecting
  }

  async #open(deadline: number): Promise<RedisClient> {
    await this.#pause(deadline, this.#backoff.delay())
    if (this.#closed) throw new Error('the broker was closed')
    let client: RedisClient
    try {
      client = await connect(this.#target, this.#check)
    } catch (error) {
      this.#backoff.failed()
      throw error instanceof Error ? error : new Error(String(error))
    }
    const lost = () => {
      if (this.#client === client) this.#drop(new LinkLost('connection lost'))
    }
    client.once('close', lost)
    client.once('end', lost)
    if (this.#closed) {
      client.disconnect(false)
      throw new Error('the broker was closed')
    }
    this.#backoff.reset()
    this.#client = client
    this.#held = true
    if (this.#flight.calls.size === 0) this.#letGo()
    return client
  }

  /** Ends the client and fails what waits for its replies, in the order of sending: each call decides for itself whether to go again. */
  #drop(error: LinkLost): void {
    const client = this.#client
    this.#client = undefined
    client?.removeAllListeners('close')
    client?.removeAllListeners('end')
    client?.disconnect(false)
    const waiting = this.#flight.calls.list().sort((a, b) => a.sentAt - b.sentAt)
    for (const pending of waiting) pending.fail(error)
  }

  /** Written first: what need not come before the server has work comes after. */
  #say(client: RedisClient, attempt: Attempt, how: { sentAt: number; reload: boolean }, end: CallEnd): void {
    const { call, issue, deadline } = attempt
    const pending = new PendingCall(this.#flight, { sentAt: how.sentAt, deadline, call }, end)
    issue(client, pending, how.reload)
    pending.follow()
    if (!this.#held) this.#hold()
    if (this.#watchdog === undefined) this.#watch()
  }

  /** One timer for all calls: late replies mean a dead link. */
  #watch(): void {
    this.#watchdog = setTimeout(() => {
      this.#watchdog = undefined
      const now = performance.now()
      for (const pending of this.#flight.calls.list()) {
        if (now - pending.sentAt >= REPLY_TIMEOUT_MS) {
          this.#drop(new LinkLost('no reply'))
          return
        }
        if (now >= pending.deadline) pending.fail(new LinkLost('no reply in time'))
      }
      if (this.#flight.calls.size > 0) this.#watch()
      else this.#letGo()
      // A call in flight holds the process by its socket.
    }, WATCH_MS).unref()
  }

  /** A call in flight keeps the process alive. */
  #hold(): void {
    this.#held = true
    this.#socket?.ref?.()
  }

  /** An idle socket must not; one that was busy a moment ago may, so that not every call of a row has to take hold anew. */
  #letGo(): void {
    this.#held = false
    this.#socket?.unref?.()
  }

  /** Waits `ms`, but not past the deadline, and not for a link that is closed. */
  #pause(deadline: number, ms: number): Promise<void> {
    const left = Math.min(ms, deadline - performance.now())
    if (left <= 0 || this.#closed) return Promise.resolve()
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(timer)
        this.#pauses.delete(end)
        resolve()
      }
      const timer = setTimeout(end, left)
      this.#pauses.add(end)
    })
  }

  get #socket() {
    return (this.#client as { stream?: { ref?(): void; unref?(): void } } | undefined)?.stream
  }
}

/** Rejects at the deadline if the promise has not settled by then. */
function before<T>(deadline: number, promise: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error('not connected in time')),
      Math.max(0, deadline - performance.now()),
    )
    promise.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}
