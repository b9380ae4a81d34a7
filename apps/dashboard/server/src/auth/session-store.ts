import { createHash, randomBytes } from 'node:crypto'
import type { Clock } from '@millrace/core'
import type { Me } from '../contract/index.js'

const IDLE_MS = 30 * 60_000
const ABSOLUTE_MS = 12 * 3_600_000
const MAX_SESSIONS = 10_000

interface StoredSession {
  readonly me: Me
  readonly begunAt: number
  seenAt: number
}

/** Who is signed in. Ids have 256 random bits and are kept as hashes only; all is forgotten when the process ends. */
export class SessionStore {
  readonly #sessions = new Map<string, StoredSession>()

  constructor(private readonly clock: Clock) {}

  /** A new session; its id is for the cookie and nowhere else. */
  begin(me: Me): string {
    this.#dropEnded()
    const id = randomBytes(32).toString('base64url')
    const now = this.clock.monotonic()
    this.#sessions.set(hash(id), { me, begunAt: now, seenAt: now })
    return id
  }

  /** Whose session this is; counts as activity. Undefined for one that ended or never was. */
  find(id: string): Me | undefined {
    const session = this.#alive(id)
    if (session !== undefined) session.seenAt = this.clock.monotonic()
    return session?.me
  }

  /** Whether it still lasts; no activity. */
  lasts(id: string): boolean {
    return this.#alive(id) !== undefined
  }

  end(id: string): void {
    this.#sessions.delete(hash(id))
  }

  #alive(id: string): StoredSession | undefined {
    const key = hash(id)
    const session = this.#sessions.get(key)
    if (session === undefined || this.#lasts(session)) return session
    this.#sessions.delete(key)
    return undefined
  }

  #lasts({ begunAt, seenAt }: StoredSession): boolean {
    const now = this.clock.monotonic()
    return now - seenAt < IDLE_MS && now - begunAt < ABSOLUTE_MS
  }

  #dropEnded(): void {
    for (const [key, session] of this.#sessions) {
      if (!this.#lasts(session) || this.#sessions.size >= MAX_SESSIONS) this.#sessions.delete(key)
    }
  }
}

function hash(id: string): string {
  return createHash('sha256').update(id).digest('base64url')
}
