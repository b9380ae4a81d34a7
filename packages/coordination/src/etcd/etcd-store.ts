import { BrokerUnavailableError } from '@millrace/core'
import type { LockStore, ReleaseWatch, Renewal, Taking } from '../campaign/lock-store.js'
import { ReleaseBell } from '../campaign/release-bell.js'
import { nodeTimeoutMs } from '../campaign/trust-window.js'
import type { EtcdAddress } from './etcd-address.js'
import { EtcdClient, EtcdRefusal } from './etcd-client.js'
import { EtcdWatch } from './etcd-watch.js'

/** gRPC's code for a lease that is not there. */
const NOT_FOUND = 5
/** Leases of unknown fate are asked to go once; they end by themselves anyway. */
const REVOKE_MS = 1_000

interface KeyValue {
  readonly value: string
  readonly lease: string
  readonly createRevision: number
}

/**
 * A lock is a key that belongs to a lease: whoever creates it holds it, and its create-revision is the fencing token, which only
 * grows. When the lease is believed in is the holder's own affair (`Tenure`): etcd tells of a lost one too late.
 */
export class EtcdStore implements LockStore {
  readonly #client: EtcdClient
  readonly #prefix: string
  /** By holder. */
  readonly #leases = new Map<string, string>()
  readonly #watches = new Map<string, EtcdWatch>()

  constructor(address: EtcdAddress, prefix: string) {
    this.#client = new EtcdClient(address)
    this.#prefix = prefix
  }

  async take(resource: string, holder: string, ttlMs: number): Promise<Taking> {
    const timeoutMs = callTimeoutMs(ttlMs)
    const key = this.#key(resource)
    let lease: string | undefined
    try {
      // Most tries find a holder: no lease is made for them.
      const found = await this.#read(key, timeoutMs)
      if (found !== undefined) return await this.#refusal(found, timeoutMs)
      lease = await this.#grant(ttlMs)
      const body = {
        compare: [{ key, target: 'CREATE', result: 'EQUAL', create_revision: '0' }],
        success: [{ request_put: { key, value: encode(holder), lease } }],
        failure: [{ request_range: { key } }],
      }
      const answer = await this.#client.call('/v3/kv/txn', body, timeoutMs)
      const { succeeded, responses, header } = answer as unknown as TxnAnswer
      const other = succeeded ? undefined : readKey(responses?.[0]?.response_range?.kvs)
      // It is this holder: the first answer was lost, and the call was made again on another member.
      if (succeeded || other?.value === holder) {
        this.#leases.set(holder, lease)
        return { won: true, token: other?.createRevision ?? Number(header.revision) }
      }
      this.#revoke(lease)
      return { won: false, split: other === undefined, freeInMs: undefined, fault: undefined }
    } catch (error) {
      // The key may have been created: it goes with its lease.
      if (lease !== undefined) this.#revoke(lease)
      return { won: false, split: false, freeInMs: undefined, fault: this.#unavailable(error) }
    }
  }

  async renew(resource: string, holder: string, ttlMs: number): Promise<Renewal> {
    const lease = this.#leases.get(holder)
    if (lease === undefined) return { state: 'lost' }
    const timeoutMs = callTimeoutMs(ttlMs)
    try {
      const [alive, found] = await Promise.all([
        this.#client.call('/v3/lease/keepalive', { ID: lease }, timeoutMs),
        this.#read(this.#key(resource), timeoutMs),
      ])
      // A lease that has run out is answered without a TTL.
      return Number(alive.TTL ?? 0) > 0 && found?.value === holder ? { state: 'renewed' } : { state: 'lost' }
    } catch (error) {
      if (error instanceof EtcdRefusal && error.code === NOT_FOUND) return { state: 'lost' }
      return { state: 'unknown', fault: this.#unavailable(error) }
    }
  }

  /** The key goes with its lease; one that another has created since belongs to another lease. */
  async giveBack(_resource: string, holder: string, ttlMs: number): Promise<void> {
    const lease = this.#leases.get(holder)
    if (lease === undefined) return
    this.#leases.delete(holder)
    await this.#client.call('/v3/lease/revoke', { ID: lease }, callTimeoutMs(ttlMs)).catch(() => undefined)
  }

  watch(resource: string): ReleaseWatch {
    const key = this.#key(resource)
    const watch = this.#watches.get(key) ?? new EtcdWatch(this.#client, key)
    this.#watches.set(key, watch)
    const bell = new ReleaseBell(() => {
      if (!watch.bells.delete(bell) || watch.bells.size > 0) return
      watch.end()
      if (this.#watches.get(key) === watch) this.#watches.delete(key)
    })
    watch.bells.add(bell)
    return bell
  }

  async close(): Promise<void> {
    for (const watch of this.#watches.values()) watch.end()
    this.#watches.clear()
    this.#client.close()
  }

  async #refusal(found: KeyValue, timeoutMs: number): Promise<Taking> {
    const answer = await this.#client.call('/v3/lease/timetolive', { ID: found.lease }, timeoutMs)
    const left = Number(answer.TTL ?? 0)
    // Whole seconds, rounded down and left out where 0; the watch tells when it is really gone.
    return { won: false, split: false, freeInMs: left < 0 ? undefined : (left + 1) * 1_000, fault: undefined }
  }

  async #read(key: string, timeoutMs: number): Promise<KeyValue | undefined> {
    const answer = await this.#client.call('/v3/kv/range', { key }, timeoutMs)
    return readKey(answer.kvs as readonly StoredKey[] | undefined)
  }

  /** Whole seconds, rounded up, and never less than etcd's own minimum: never shorter than what the holder trusts in. */
  async #grant(ttlMs: number): Promise<string> {
    const body = { TTL: String(Math.ceil(ttlMs / 1_000)) }
    const { ID } = await this.#client.call('/v3/lease/grant', body, callTimeoutMs(ttlMs))
    return String(ID)
  }

  #revoke(lease: string): void {
    this.#client.call('/v3/lease/revoke', { ID: lease }, REVOKE_MS).catch(() => undefined)
  }

  #key(resource: string): string {
    return encode(`${this.#prefix}:${resource}`)
  }

  #unavailable(cause: unknown): BrokerUnavailableError {
    return new BrokerUnavailableError({ what: 'no answer from etcd', address: this.#client.name, cause })
  }
}

interface StoredKey {
  readonly value?: string
  readonly lease?: string
  readonly create_revision?: string
}

interface TxnAnswer {
  readonly succeeded?: boolean
  readonly header: { readonly revision: string }
  readonly responses?: readonly { readonly response_range?: { readonly kvs?: readonly StoredKey[] } }[]
}

function readKey(found: readonly StoredKey[] | undefined): KeyValue | undefined {
  const [first] = found ?? []
  if (first === undefined) return undefined
  return {
    value: Buffer.from(first.value ?? '', 'base64').toString(),
    lease: first.lease ?? '0',
    createRevision: Number(first.create_revision),
  }
}

/** Well below a third of the TTL, so that a renewal can fail and be repeated. */
function callTimeoutMs(ttlMs: number): number {
  return nodeTimeoutMs(ttlMs)
}

function encode(text: string): string {
  return Buffer.from(text).toString('base64')
}
