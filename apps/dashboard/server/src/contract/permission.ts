/** Each may do what those before it may. */
export const ROLES = ['viewer', 'operator', 'admin'] as const

export type Role = (typeof ROLES)[number]

/** The least role for each thing that a request may do. */
export const PERMISSIONS = {
  read: 'viewer',
  'job.retry': 'operator',
  'job.cancel': 'operator',
  'job.discard': 'operator',
  'job.promote': 'operator',
  'job.postpone': 'operator',
  'worker.quiet': 'operator',
  'worker.resume': 'operator',
  'worker.resize': 'operator',
  'queue.pause': 'admin',
  'queue.resume': 'admin',
  'schedule.pause': 'admin',
  'schedule.resume': 'admin',
  'schedule.run': 'admin',
  'queue.purge': 'admin',
  'worker.stop': 'admin',
  'audit.read': 'admin',
} as const satisfies Record<string, Role>

export type Permission = keyof typeof PERMISSIONS

/** Whether a user of this role may; pages hide or disable what it may not, the server refuses it. */
export function mayDo(role: Role, permission: Permission): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(PERMISSIONS[permission])
}
