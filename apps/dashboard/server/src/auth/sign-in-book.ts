import { createHash, randomBytes } from 'node:crypto'
import type { Clock } from '@millrace/core'
import type { SignIns } from '@millrace/monitor'
import type { Me } from '../contract/index.js'
import type { DashboardUser } from './users.js'

const IDLE_MS = 30 * 60_000
const ABSOLUTE_MS = 12 * 3_600_000
/** Activity is noted this often at most: a sign-in may end so much earlier than it should. */
const NOTED_MS = 60_000
/** An event stream learns this late at most that its sign-in was ended elsewhere. */
const STREAM_MS = 10_000
/** Sign-ins whose streams are known; the oldest go first. */
const MAX_REMEMBERED = 10_000

interface StoredSignIn {
  readonly name: string
  /** Of the password that was used: whoever gets another one is signed out. */
  readonly credential: string
  readonly begunAt: number
  readonly seenAt: number
}

/**
 * Who is signed in. Ids have 256 random bits; the store has their hashes alone, with the user's name. The user list of this process says
 * what role that is, and whether such a user is still there.
 */
export class SignInBook {
  readonly #users: ReadonlyMap<string, DashboardUser>
  /** Answers that are on their way: a page's requests ask together. */
  readonly #asked = new Map<string, Promise<Me | undefined>>()
  /** Until when a stream need not ask, ms since the epoch. */
  readonly #trusted = new Map<string, number>()

  constructor(
    private readonly signIns: SignIns,
    private readonly clock: Clock,
    users: readonly DashboardUser[],
  ) {
    this.#users = new Map(users.map((user) => [user.name, user]))
  }

  /** A new sign-in; its id is for the cookie and nowhere else. */
  async begin(user: DashboardUser): Promise<string> {
    const id = randomBytes(32).toString('base64url')
    const now = this.clock.now()
    const stored: StoredSignIn = { name: user.name, credential: credentialOf(user), begunAt: now, seenAt: now }
    await this.signIns.begin(hash(id), { text: JSON.stringify(stored), keepMs: IDLE_MS })
    return id
  }

  /** Whose it is; counts as activity. Undefined for one that ended or never was. */
  find(id: string): Promise<Me | undefined> {
    const key = hash(id)
    const asked = this.#asked.get(key)
    if (asked !== undefined) return asked
    const answer = this.#look(key, true).finally(() => this.#asked.delete(key))
    this.#asked.set(key, answer)
    return answer
  }

  /** Whether it still lasts; no activity. */
  async lasts(id: string): Promise<boolean> {
    const key = hash(id)
    const until = this.#trusted.get(key)
    if (until !== undefined && until > this.clock.now()) return true
    this.#trusted.delete(key)
    if ((await this.#look(key, false)) === undefined) return false
    this.#trusted.set(key, this.clock.now() + STREAM_MS)
    const oldest = this.#trusted.size > MAX_REMEMBERED ? this.#trusted.keys().next().value : undefined
    if (oldest !== undefined) this.#trusted.delete(oldest)
    return true
  }

  async end(id: string): Promise<void> {
    const key = hash(id)
    this.#trusted.delete(key)
    await this.signIns.end(key)
  }

  async #look(key: string, active: boolean): Promise<Me | undefined> {
    const stored = readStored(await this.signIns.read(key))
    const user = stored === undefined ? undefined : this.#users.get(stored.name)
    if (stored === undefined || user === undefined || stored.credential !== credentialOf(user)) return undefined
    const now = this.clock.now()
    const left = Math.min(stored.seenAt + IDLE_MS, stored.begunAt + ABSOLUTE_MS) - now
    if (left <= 0) return undefined
    if (active && now - stored.seenAt >= NOTED_MS) {
      const keepMs = Math.min(IDLE_MS, stored.begunAt + ABSOLUTE_MS - now)
      // Ended meanwhile, perhaps by another dashboard.
      if (!(await this.signIns.renew(key, { text: JSON.stringify({ ...stored, seenAt: now }), keepMs })))
        return undefined
    }
    return { name: user.name, role: user.role }
  }
}

function readStored(text: string | undefined): StoredSignIn | undefined {
  if (text === undefined) return undefined
  try {
    const { name, credential, begunAt, seenAt } = JSON.parse(text) as Record<string, unknown>
    if (typeof name !== 'string' || typeof credential !== 'string') return undefined
    return typeof begunAt === 'number' && typeof seenAt === 'number' ? { name, credential, begunAt, seenAt } : undefined
  } catch {
    return undefined
  }
}

/** What a user signed in with, as no one could use it. */
function credentialOf({ name, passwordHash }: DashboardUser): string {
  return hash(`${name}\n${passwordHash}`)
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('base64url')
}
