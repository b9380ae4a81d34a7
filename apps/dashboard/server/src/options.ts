import { readFileSync } from 'node:fs'
import { type Clock, checkOptions, InvalidOptionError, systemClock } from '@millrace/core'
import { checkTokens, type DashboardToken, parseTokens } from './auth/api-tokens.js'
import { checkUsers, type DashboardUser, parseUsers } from './auth/users.js'
import type { Me } from './contract/index.js'
import { Redaction, type RedactOption } from './redact/redaction.js'

export interface DashboardOptions {
  /** Path under which it is mounted, e.g. `/queues`. Default: the root. */
  readonly basePath?: string
  /**
   * Its address in browsers, e.g. `https://queues.example.com`. Needed behind a proxy that ends TLS: it decides whether cookies are
   * secure, and which origin may change something. Default: the address of each request.
   */
  readonly publicUrl?: string
  /** Who may sign in. Default: the file (or lines) that `MILLRACE_DASHBOARD_USERS` names. */
  readonly users?: readonly DashboardUser[]
  /** Keys for programs. Default: the file (or lines) that `MILLRACE_DASHBOARD_TOKENS` names. */
  readonly tokens?: readonly DashboardToken[]
  /** The surrounding server says who makes a request; null: nobody. Instead of `users`. */
  readonly authenticate?: (request: Request) => Me | null | Promise<Me | null>
  /**
   * `none`: nobody signs in, everybody who reaches it is admin. It then answers requests to localhost only. Without this and without
   * any of the above, `dashboard` refuses to start.
   */
  readonly login?: 'none'
  /** What of which tasks is hidden from everybody: task pattern → paths, e.g. `{ 'mail.*': ['input.to', 'error'] }`. */
  readonly redact?: RedactOption
  /** Address of a request's client, for the audit log and the login limit. Default: that of the connection, where the server tells it. */
  readonly clientAddress?: (request: Request) => string
  /** How often it looks while somebody watches, ms. Default 2,000. */
  readonly everyMs?: number
  /** For tests. */
  readonly clock?: Clock
}

export type DashboardAuth = { readonly tokens: readonly DashboardToken[]; readonly publicUrl: string | undefined } & (
  | { readonly kind: 'none' }
  | { readonly kind: 'users'; readonly users: readonly DashboardUser[] }
  | { readonly kind: 'host'; readonly authenticate: NonNullable<DashboardOptions['authenticate']> }
)

export interface ResolvedDashboardOptions {
  /** '' or a path that begins with a slash and ends without one. */
  readonly basePath: string
  readonly publicUrl: string | undefined
  readonly auth: DashboardAuth
  readonly redaction: Redaction
  readonly clientAddress: DashboardOptions['clientAddress']
  readonly everyMs: number
  readonly clock: Clock
}

const KNOWN = [
  'basePath',
  'publicUrl',
  'users',
  'tokens',
  'authenticate',
  'login',
  'redact',
  'clientAddress',
  'everyMs',
  'clock',
]
const DEFAULT_EVERY_MS = 2_000

/** Throws `InvalidOptionError`. */
export function resolveDashboardOptions(options: DashboardOptions = {}): ResolvedDashboardOptions {
  checkOptions(options, 'dashboard', KNOWN)
  const { clientAddress, everyMs = DEFAULT_EVERY_MS, clock = systemClock } = options
  if (!(Number.isInteger(everyMs) && everyMs >= 100 && everyMs <= 60_000)) {
    throw new InvalidOptionError({ option: 'everyMs', found: everyMs, expected: 'a whole number from 100 to 60000' })
  }
  const publicUrl = options.publicUrl === undefined ? undefined : checkUrl(options.publicUrl)
  return {
    basePath: checkBasePath(options.basePath ?? ''),
    publicUrl,
    auth: resolveAuth(options, publicUrl),
    redaction: new Redaction(options.redact ?? {}),
    clientAddress,
    everyMs,
    clock,
  }
}

/** Whether somebody could sign in, or the caller said that nobody has to. */
export function hasCredentials(options: DashboardOptions = {}): boolean {
  const { users, authenticate, tokens } = { ...options, ...fromEnvironment(options) }
  return authenticate !== undefined || (users?.length ?? 0) > 0 || (tokens?.length ?? 0) > 0
}

function resolveAuth(options: DashboardOptions, publicUrl: string | undefined): DashboardAuth {
  const { users, tokens } = fromEnvironment(options)
  const rest = { tokens, publicUrl }
  const { login, authenticate } = options
  if (login !== undefined) {
    if (login !== 'none')
      throw new InvalidOptionError({ option: 'login', found: login, expected: "'none', or leave it out" })
    if (hasCredentials(options)) {
      throw new InvalidOptionError({
        option: 'login',
        found: login,
        expected: 'to be left out where there are users, tokens or authenticate',
      })
    }
    return { ...rest, kind: 'none' }
  }
  if (authenticate !== undefined) {
    if (users.length > 0)
      throw new InvalidOptionError({
        option: 'users',
        found: `${users.length} users`,
        expected: 'to be left out beside authenticate',
      })
    return { ...rest, kind: 'host', authenticate }
  }
  if (users.length > 0 || tokens.length > 0) return { ...rest, kind: 'users', users }
  throw new InvalidOptionError({
    option: 'users',
    found: undefined,
    expected:
      "at least one user (or MILLRACE_DASHBOARD_USERS), tokens, authenticate, or login: 'none' for localhost alone",
  })
}

function fromEnvironment(options: DashboardOptions): {
  readonly users: readonly DashboardUser[]
  readonly tokens: readonly DashboardToken[]
} {
  const { MILLRACE_DASHBOARD_USERS: users, MILLRACE_DASHBOARD_TOKENS: tokens } = process.env
  const text = (given: string | undefined, name: string) =>
    given === undefined || given === '' ? '' : readLines(given, name)
  return {
    users:
      options.users === undefined
        ? parseUsers(text(options.authenticate ? '' : users, 'MILLRACE_DASHBOARD_USERS'), 'MILLRACE_DASHBOARD_USERS')
        : checkUsers(options.users, 'users'),
    tokens:
      options.tokens === undefined
        ? parseTokens(text(tokens, 'MILLRACE_DASHBOARD_TOKENS'), 'MILLRACE_DASHBOARD_TOKENS')
        : checkTokens(options.tokens, 'tokens'),
  }
}

/** Lines hold hashes; the path of a file does not. */
function readLines(given: string, name: string): string {
  if (/[\r\n;$]|:[0-9a-f]{64}/.test(given)) return given
  try {
    return readFileSync(given, 'utf8')
  } catch {
    // The value is not shown: it may be a secret in the wrong place.
    const expected = 'the path of a file that can be read, or the lines themselves'
    throw new InvalidOptionError({ option: name, found: `${given.length} characters`, expected })
  }
}

function checkUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return text
  throw new InvalidOptionError({
    option: 'publicUrl',
    found: text,
    expected: 'a URL such as https://queues.example.com',
  })
}

function checkBasePath(path: string): string {
  const trimmed = path.replace(/\/+$/, '')
  if (trimmed === '' || /^(\/[A-Za-z0-9._~-]+)+$/.test(trimmed)) return trimmed
  throw new InvalidOptionError({ option: 'basePath', found: path, expected: 'a path such as /queues' })
}
