export type { DispatcherOptions, DispatcherStatus } from './dispatcher.js'
export { Dispatcher } from './dispatcher.js'
export type { CrashListener } from './reclaimer.js'
export type { Tally } from './tally.js'
