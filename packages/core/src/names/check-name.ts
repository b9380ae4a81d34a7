import { InvalidNameError } from '../errors/input-errors.js'

const NAME = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$/

/** What kinds of names follow the rule. */
export type NameKind = 'task' | 'queue' | 'app' | 'worker' | 'schedule'

/** Returns the name when it follows the rule (`^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$`), else throws `InvalidNameError`. */
export function checkName(what: NameKind, name: unknown): string {
  if (typeof name === 'string' && NAME.test(name)) return name
  throw new InvalidNameError({ what: `${what} name`, name })
}
