/**
 * The key names that the checkers read, written down a second time on purpose: a checker that asked the product where it
 * keeps things would believe it. docs/KEYSPACE.md explains each.
 */
const PREFIX = 'millrace'

/** What all keys of one lane start with. */
export function prefixOfLane(app: string, queue: string, index = 0): string {
  return `${PREFIX}:{${app}/${queue}/${index}}:`
}

/** What all keys of the app as a whole start with. */
export function prefixOfApp(app: string): string {
  return `${PREFIX}:{${app}}:`
}

/** The list of the terms before the present one, newest first: `epoch since ended leader`. */
export function termsKey(app: string): string {
  return `${prefixOfApp(app)}terms`
}

/** The hash that says who leads. */
export function termKey(app: string): string {
  return `${prefixOfApp(app)}term`
}

/** The lock of the dispatchers' election, where the broker's own Redis is the lock server. */
export function electionKey(app: string): string {
  return `${PREFIX}:${app}:election:dispatcher`
}
