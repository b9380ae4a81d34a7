import { InvalidOptionError } from '@millrace/core'
import { ROLES, type Role } from '../contract/index.js'
import { isPasswordHash } from './password-hash.js'

/** Who may sign in. */
export interface DashboardUser {
  readonly name: string
  readonly role: Role
  /** Of `hashPassword`. */
  readonly passwordHash: string
}

const NAME = /^[A-Za-z0-9][A-Za-z0-9._@+-]{0,127}$/

/** A line of a users file: `ada:operator:scrypt$…`. */
export function formatUser({ name, role, passwordHash }: DashboardUser): string {
  return `${name}:${role}:${passwordHash}`
}

/** Reads users from lines as `formatUser` writes them; empty lines and those that begin with # are skipped. Throws `InvalidOptionError`. */
export function parseUsers(text: string, option: string): DashboardUser[] {
  const lines = text.split(/[\r\n;]+/).map((line) => line.trim())
  const users = lines
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const [name = '', role = '', passwordHash = ''] = line.split(':')
      return { name, role: role as Role, passwordHash }
    })
  return checkUsers(users, option)
}

/** Throws `InvalidOptionError`; never shows a hash. */
export function checkUsers(users: readonly DashboardUser[], option: string): DashboardUser[] {
  const names = new Set<string>()
  for (const { name, role, passwordHash } of users) {
    const wrong = (found: string, expected: string) => new InvalidOptionError({ option, found, expected })
    if (typeof name !== 'string' || !NAME.test(name))
      throw wrong(String(name), 'names of letters, digits and . _ @ + -, at most 128')
    if (!ROLES.includes(role)) throw wrong(`${name}:${role}`, `a role for ${name}: ${ROLES.join(', ')}`)
    if (typeof passwordHash !== 'string' || !isPasswordHash(passwordHash)) {
      throw wrong(`${name}:${role}:…`, `a password hash for ${name}, as hashPassword makes it: scrypt$131072$8$1$…`)
    }
    if (names.has(name)) throw wrong(name, 'every name once')
    names.add(name)
  }
  return [...users]
}
