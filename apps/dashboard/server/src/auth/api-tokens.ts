import { createHash, randomBytes } from 'node:crypto'
import { InvalidOptionError } from '@millrace/core'
import { mayDo, PERMISSIONS, type Permission, ROLES, type Role } from '../contract/index.js'

/** A key for programs, sent as `Authorization: Bearer …`. */
export interface DashboardToken {
  /** Shown in the audit log. */
  readonly name: string
  /** All that a role may, or single permissions. */
  readonly scope: Role | readonly Permission[]
  /** Of `createToken`: SHA-256 of the token, 64 hexadecimal digits. */
  readonly tokenHash: string
}

const PREFIX = 'mrt_'

/** A new token with 256 random bits, to be shown once, and what is stored of it. */
export function createToken(
  name: string,
  scope: DashboardToken['scope'],
): { readonly token: string; readonly stored: DashboardToken } {
  const token = PREFIX + randomBytes(32).toString('base64url')
  return { token, stored: { name, scope, tokenHash: hashToken(token) } }
}

/** A line of a tokens file: `deploy:job.retry,queue.pause:3fa9…`, `grafana:viewer:77b0…`. */
export function formatToken({ name, scope, tokenHash }: DashboardToken): string {
  return `${name}:${typeof scope === 'string' ? scope : scope.join(',')}:${tokenHash}`
}

/** Reads tokens from lines as `formatToken` writes them. Throws `InvalidOptionError`. */
export function parseTokens(text: string, option: string): DashboardToken[] {
  const lines = text.split(/[\r\n;]+/).map((line) => line.trim())
  const tokens = lines
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const [name = '', scope = '', tokenHash = ''] = line.split(':')
      return { name, scope: isRole(scope) ? scope : (scope.split(',') as Permission[]), tokenHash }
    })
  return checkTokens(tokens, option)
}

export function checkTokens(tokens: readonly DashboardToken[], option: string): DashboardToken[] {
  for (const { name, scope, tokenHash } of tokens) {
    const wrong = (found: string, expected: string) => new InvalidOptionError({ option, found, expected })
    if (!/^[\w.@+-]{1,128}$/.test(name)) throw wrong(name, 'names of letters, digits and . _ @ + -, at most 128')
    const known =
      typeof scope === 'string' ? isRole(scope) : scope.length > 0 && scope.every((each) => each in PERMISSIONS)
    if (!known)
      throw wrong(
        `${name}:${String(scope)}`,
        `a scope for ${name}: ${ROLES.join(', ')}, or some of ${Object.keys(PERMISSIONS).join(', ')}`,
      )
    if (!/^[0-9a-f]{64}$/.test(tokenHash))
      throw wrong(`${name}:…`, `a token hash for ${name}, as createToken makes it: 64 hexadecimal digits`)
  }
  return [...tokens]
}

/** The stored token of this text. Looked up by its hash: how long that takes tells nothing about the token. */
export function findToken(tokens: readonly DashboardToken[], token: string): DashboardToken | undefined {
  const wanted = hashToken(token)
  return tokens.find(({ tokenHash }) => tokenHash === wanted)
}

/** The permissions of a scope. */
export function scopeAllows(scope: DashboardToken['scope'], permission: Permission): boolean {
  return typeof scope === 'string' ? mayDo(scope, permission) : permission === 'read' || scope.includes(permission)
}

/** The least role that may do all that a scope allows: what pages are told. */
export function roleOfScope(scope: DashboardToken['scope']): Role {
  if (typeof scope === 'string') return scope
  return ROLES[Math.max(0, ...scope.map((each) => ROLES.indexOf(PERMISSIONS[each])))] ?? 'viewer'
}

function isRole(text: string): text is Role {
  return (ROLES as readonly string[]).includes(text)
}

function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}
