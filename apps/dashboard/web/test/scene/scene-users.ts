import { type DashboardUser, hashPassword } from '@millrace/dashboard'

export const PASSWORD = 'correct horse battery staple'
export type RoleName = DashboardUser['role']

/** One user for each role, of the same name. */
export async function sceneUsers(): Promise<DashboardUser[]> {
  const passwordHash = await hashPassword(PASSWORD)
  return (['viewer', 'operator', 'admin'] as const).map((role) => ({ name: role, role, passwordHash }))
}
