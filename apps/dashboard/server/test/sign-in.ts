import type { Clock } from '@millrace/core'
import { expect } from 'vitest'
import { hashPassword } from '../src/auth/password-hash.js'
import type { DashboardUser } from '../src/auth/users.js'
import { ROLES } from '../src/contract/index.js'
import type { Stage } from './stage.js'

export const PASSWORD = 'correct horse battery staple'

/** One user for each role, of the same name. */
export async function usersOfEachRole(): Promise<DashboardUser[]> {
  const passwordHash = await hashPassword(PASSWORD)
  return ROLES.map((role) => ({ name: role, role, passwordHash }))
}

export const logIn = (stage: Stage, name: string, password = PASSWORD, headers = {}) =>
  stage.ask('/login', { body: { name, password }, headers })

export async function cookieOf(stage: Stage, name: string): Promise<string> {
  const response = await logIn(stage, name)
  expect(response.status).toBe(200)
  return (response.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
}

export class ManualClock implements Clock {
  ms = 1_000_000
  now(): number {
    return this.ms
  }
  monotonic(): number {
    return this.ms
  }
}
