import type { Lane } from '@millrace/broker'

/**
 * Every Redis key of Millrace is named here and nowhere else (docs/KEYSPACE.md explains each).
 *
 * A lane's keys share the hash tag `{app/queue/lane}`, so they live on one node. A script gets the lane's prefix as
 * its only KEYS entry and derives the rest from this table: one short argument instead of twenty per call.
 */

/** The version of this layout. Every script checks it; another one is refused by name. */
export const LAYOUT = '2'

/** Suffixes of a lane's keys. Lua scripts name them in their `--@keys` line; the build checks them against this table. */
export const LANE_KEYS = {
  meta: 'meta',
  jobs: 'jobs',
  attrs: 'attrs',
  ready: 'ready',
  urgent: 'urgent',
  background: 'background',
  suspects: 'suspects',
  solo: 'solo',
  due: 'due',
  parked: 'parked',
  workers: 'workers',
  dying: 'dying',
  attempts: 'attempts',
  crashes: 'crashes',
  history: 'history',
  cancels: 'cancels',
  tombs: 'tombs',
  waiters: 'waiters',
  failed: 'failed',
  done: 'done',
  reports: 'reports',
  seen: 'seen',
  outbox: 'outbox',
  sessionsByAge: 'sessions:age',
  wake: 'wake',
  door: 'door',
  alarm: 'alarm',
} as const

/** The start of the fields of a lane's `meta` that hold the sessions of producers. Scripts name it as it is. */
export const SESSION_FIELD = 's:'

/** Prefixes of a lane's keys of which there are many; scripts name them in their `--@families` line. */
export const LANE_FAMILIES = {
  seat: 'seat:',
  result: 'result:',
  report: 'report:',
  unique: 'unique:',
  join: 'join:',
  stats: 'stats:',
  minutes: 'minutes:',
  hours: 'hours:',
  channel: 'channel:',
} as const

export type LaneKey = keyof typeof LANE_KEYS

/** The app and the prefix that all keys of one broker share. */
export interface Keyspace {
  readonly prefix: string
  readonly app: string
}

/** `millrace:{shop/mail/0}:` — the prefix of all keys of one lane. */
export function lanePrefix(keyspace: Keyspace, lane: Lane): string {
  return `${keyspace.prefix}:{${keyspace.app}/${lane.queue}/${lane.index}}:`
}

export function laneKey(keyspace: Keyspace, lane: Lane, key: LaneKey): string {
  return lanePrefix(keyspace, lane) + LANE_KEYS[key]
}

/** What the handler of one job said: progress and log lines. */
export function reportKey(keyspace: Keyspace, lane: Lane, id: string): string {
  return lanePrefix(keyspace, lane) + LANE_FAMILIES.report + id
}

/** The channel on which a lane tells one client process about the jobs that it waits for. */
export function resultChannel(prefix: string, client: string): string {
  return prefix + LANE_FAMILIES.channel + client
}

/** The channel on which a lane hands a job to a seat that waits at its door. */
export function seatChannel(keyspace: Keyspace, lane: Lane, incarnation: string): string {
  return `${lanePrefix(keyspace, lane)}${LANE_FAMILIES.channel}seat:${incarnation}`
}

/** Suffixes of the keys of the app as a whole, on one node: who exists, who leads. Scripts name them in `--@appkeys`. */
export const APP_KEYS = {
  lanes: 'lanes',
  alarm: 'alarm',
  term: 'term',
  workers: 'workers',
  workerInfo: 'workers:info',
  durations: 'durations',
  durationTasks: 'durations:tasks',
  commands: 'commands',
  audit: 'audit',
  /** The start of one key per sign-in. */
  signIns: 'sign-in:',
  terms: 'terms',
  schedules: 'schedules',
  scheduleMarks: 'schedules:marks',
  scheduleNames: 'schedules:names',
  scheduleNext: 'schedules:next',
  scheduleDeliver: 'schedules:deliver',
  scheduleNotes: 'schedules:notes',
  /** The start of one key per schedule. */
  scheduleBacklog: 'schedules:backlog:',
  deployments: 'deployments',
  deploymentsSeen: 'deployments:seen',
} as const

/** `millrace:{shop}:` — the prefix of the app's own keys. */
export function appPrefix(keyspace: Keyspace): string {
  return `${keyspace.prefix}:{${keyspace.app}}:`
}

export function appKey(keyspace: Keyspace, key: keyof typeof APP_KEYS): string {
  return appPrefix(keyspace) + APP_KEYS[key]
}

/** Who is signed in to a dashboard, by the hash of the id in a cookie. */
export function signInKey(keyspace: Keyspace, hash: string): string {
  return appKey(keyspace, 'signIns') + hash
}
