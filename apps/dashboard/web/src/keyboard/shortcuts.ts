export interface Shortcut {
  /** Keys in order, with blanks between them, as `g q`. */
  readonly keys: string
  readonly does: string
}

export const GO_TO = [
  { keys: 'g o', does: 'Overview', to: '/' },
  { keys: 'g r', does: 'Retries', to: '/retries' },
  { keys: 'g f', does: 'Failed', to: '/failed' },
  { keys: 'g j', does: 'Jobs', to: '/jobs' },
  { keys: 'g q', does: 'Queues', to: '/queues' },
  { keys: 'g w', does: 'Workers', to: '/workers' },
  { keys: 'g l', does: 'Leader and schedules', to: '/leader' },
  { keys: 'g a', does: 'Audit', to: '/audit' },
] as const satisfies readonly (Shortcut & { readonly to: string })[]

export const ON_EVERY_PAGE: readonly Shortcut[] = [
  { keys: '/', does: 'Search jobs' },
  { keys: 'j', does: 'Next row' },
  { keys: 'k', does: 'Row before' },
  { keys: 'Enter', does: 'Open the row' },
  { keys: 'x', does: 'Select the row' },
  { keys: 't', does: 'Light, dark or the system’s theme' },
  { keys: '?', does: 'This help' },
]
