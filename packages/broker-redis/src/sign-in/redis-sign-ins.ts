import type { CallOptions, SignInEntry, SignInsPort } from '@millrace/broker'
import type { Engine } from '../engine.js'
import { signInKey } from '../keyspace.js'

/** Sign-ins of dashboards on Redis: one string each, with a TTL. Every command here is safe to repeat. */
export class RedisSignIns implements SignInsPort {
  readonly #engine: Engine

  constructor(engine: Engine) {
    this.#engine = engine
  }

  async begin(key: string, entry: SignInEntry, options?: CallOptions): Promise<void> {
    await this.#set(key, entry, { options, more: [] })
  }

  async read(key: string, options: CallOptions = {}): Promise<string | undefined> {
    const text = await this.#engine.link.command('get', [this.#key(key)], {
      what: () => 'read of a sign-in',
      ...options,
    })
    return (text as string | null) ?? undefined
  }

  async renew(key: string, entry: SignInEntry, options?: CallOptions): Promise<boolean> {
    return (await this.#set(key, entry, { options, more: ['XX'] })) !== null
  }

  async end(key: string, options: CallOptions = {}): Promise<void> {
    await this.#engine.link.command('del', [this.#key(key)], { what: () => 'end of a sign-in', ...options })
  }

  #set(
    key: string,
    { text, keepMs }: SignInEntry,
    how: { readonly options: CallOptions | undefined; readonly more: readonly string[] },
  ): Promise<unknown> {
    const args = [this.#key(key), text, 'PX', String(Math.max(1, Math.round(keepMs))), ...how.more]
    return this.#engine.link.command('set', args, { what: () => 'write of a sign-in', ...how.options })
  }

  #key(key: string): string {
    return signInKey(this.#engine.keyspace, key)
  }
}
