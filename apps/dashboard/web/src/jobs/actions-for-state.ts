import type { JobAction } from '@millrace/dashboard/contract'

const FOR_STATE: Readonly<Record<string, readonly JobAction[]>> = {
  scheduled: ['promote', 'postpone', 'cancel'],
  retrying: ['promote', 'postpone', 'cancel'],
  ready: ['cancel'],
  running: ['cancel'],
  failed: ['retry', 'discard'],
}

/** What can be done with a job in this state. */
export function actionsForState(state: string): readonly JobAction[] {
  return FOR_STATE[state] ?? []
}
