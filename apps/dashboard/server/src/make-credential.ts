import { text } from 'node:stream/consumers'
import { createToken, formatToken } from './auth/api-tokens.js'
import { hashPassword } from './auth/password-hash.js'
import { formatUser } from './auth/users.js'
import { PERMISSIONS, type Permission, ROLES, type Role } from './contract/index.js'

const USAGE = `Makes a line for MILLRACE_DASHBOARD_USERS or MILLRACE_DASHBOARD_TOKENS.

  millrace-dashboard-credential user NAME ROLE        reads the password from standard input
  millrace-dashboard-credential token NAME SCOPE      shows the new token once, on standard error

ROLE: ${ROLES.join(', ')}. SCOPE: a role, or permissions with commas between them: ${Object.keys(PERMISSIONS).join(', ')}.`

const MIN_CHARACTERS = 12

const [kind, name = '', scope = ''] = process.argv.slice(2)
const isRole = (word: string): word is Role => (ROLES as readonly string[]).includes(word)
const permissions = scope.split(',')

if (!/^[A-Za-z0-9][A-Za-z0-9._@+-]{0,127}$/.test(name)) refuse(USAGE)
else if (kind === 'user' && isRole(scope)) await makeUser(name, scope)
else if (kind === 'token' && (isRole(scope) || permissions.every((each) => each in PERMISSIONS))) {
  const { token, stored } = createToken(name, isRole(scope) ? scope : (permissions as Permission[]))
  console.error(`Token (not shown again): ${token}`)
  console.log(formatToken(stored))
} else refuse(USAGE)

async function makeUser(user: string, role: Role): Promise<void> {
  const password = (await text(process.stdin)).replace(/\r?\n$/, '')
  if (password.length < MIN_CHARACTERS) refuse(`The password needs at least ${MIN_CHARACTERS} characters.`)
  else console.log(formatUser({ name: user, role, passwordHash: await hashPassword(password) }))
}

function refuse(why: string): void {
  console.error(why)
  process.exitCode = 2
}
