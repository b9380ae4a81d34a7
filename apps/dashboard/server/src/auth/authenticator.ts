import type { Clock } from '@millrace/core'
import type { SignIns } from '@millrace/monitor'
import { type Me, mayDo, ROLES } from '../contract/index.js'
import type { DashboardAuth } from '../options.js'
import { findToken, roleOfScope, scopeAllows } from './api-tokens.js'
import type { Identity } from './identity.js'
import { LoginLimiter } from './login-limiter.js'
import { OneAtATime } from './one-at-a-time.js'
import { NOBODYS_HASH, verifyPassword } from './password-hash.js'
import { readCookie, sessionCookie } from './session-cookie.js'
import { SignInBook } from './sign-in-book.js'

const LOCAL: Me = { name: 'local', role: 'admin' }
/** Logins that may wait for the one that is being checked. */
const MAX_WAITING = 10
const BUSY_MS = 5_000

export type LoginAnswer =
  | { readonly kind: 'in'; readonly me: Me; readonly cookie: string }
  | { readonly kind: 'wrong' }
  | { readonly kind: 'later'; readonly retryAfterMs: number }

/** Finds out who makes a request, by cookie, token, the surrounding server, or the lack of any login. */
export class Authenticator {
  readonly #book: SignInBook
  readonly #limiter: LoginLimiter
  readonly #hashing = new OneAtATime(MAX_WAITING)

  constructor(
    private readonly auth: DashboardAuth,
    parts: { readonly clock: Clock; readonly signIns: SignIns },
  ) {
    const { clock, signIns } = parts
    this.#book = new SignInBook(signIns, clock, auth.kind === 'users' ? auth.users : [])
    this.#limiter = new LoginLimiter(clock)
  }

  get login(): 'password' | 'none' | 'host' {
    return this.auth.kind === 'users' ? 'password' : this.auth.kind
  }

  async identify(request: Request): Promise<Identity | undefined> {
    const bearer = /^Bearer +(\S+)$/i.exec(request.headers.get('authorization') ?? '')?.[1]
    if (bearer !== undefined) return this.#byToken(bearer)
    switch (this.auth.kind) {
      case 'none':
        return identityOf(LOCAL)
      case 'host': {
        const me = await this.auth.authenticate(request)
        return me !== null && ROLES.includes(me.role)
          ? identityOf({ name: String(me.name).slice(0, 128), role: me.role })
          : undefined
      }
      case 'users': {
        const id = readCookie(request)
        const me = id === undefined ? undefined : await this.#book.find(id)
        return id === undefined || me === undefined
          ? undefined
          : { ...identityOf(me), lasts: () => this.#book.lasts(id) }
      }
    }
  }

  /** Takes as long for a name that nobody has. At most one password is hashed at a time. */
  async signIn(
    request: Request,
    given: { readonly name: string; readonly password: string; readonly address: string },
  ): Promise<LoginAnswer> {
    const { name, password, address } = given
    const wait = this.#limiter.try(name, address)
    if (wait > 0) return { kind: 'later', retryAfterMs: wait }
    const user = this.auth.kind === 'users' ? this.auth.users.find((each) => each.name === name) : undefined
    const checking = this.#hashing.run(() => verifyPassword(password, user?.passwordHash ?? NOBODYS_HASH))
    if (checking === undefined) return { kind: 'later', retryAfterMs: BUSY_MS }
    const right = await checking
    if (!right || user === undefined) return { kind: 'wrong' }
    this.#limiter.succeeded(name, address)
    const before = readCookie(request)
    if (before !== undefined) await this.#book.end(before)
    const me: Me = { name: user.name, role: user.role }
    return { kind: 'in', me, cookie: sessionCookie(await this.#book.begin(user), this.#secure(request)) }
  }

  /** Ends the session; answers the cookie that removes it from the browser. */
  async signOut(request: Request): Promise<string> {
    const id = readCookie(request)
    if (id !== undefined) await this.#book.end(id)
    return sessionCookie('', this.#secure(request))
  }

  #byToken(token: string): Identity | undefined {
    const stored = findToken(this.auth.tokens, token)
    if (stored === undefined) return undefined
    const { name, scope } = stored
    return {
      me: { name: `token:${name}`, role: roleOfScope(scope) },
      allows: (permission) => scopeAllows(scope, permission),
      lasts: async () => true,
    }
  }

  #secure(request: Request): boolean {
    return new URL(this.auth.publicUrl ?? request.url).protocol === 'https:'
  }
}

function identityOf(me: Me): Identity {
  return { me, allows: (permission) => mayDo(me.role, permission), lasts: async () => true }
}
