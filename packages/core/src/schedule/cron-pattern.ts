import { Cron } from 'croner'
import { InvalidOptionError } from '../errors/input-errors.js'

const MAX_CHARACTERS = 200
const NICKNAMES: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
}
/** A compiled pattern holds some tens of KiB, so only so many are kept. */
const MAX_COMPILED = 500

/**
 * A cron pattern on a calendar without time zones: wall-clock times are written as if they were UTC. What a wall-clock time
 * means in a zone is another file's affair.
 */
export class CronPattern {
  /** The hour field is `*`: the schedule follows elapsed time, not the clock on the wall. */
  readonly everyHour: boolean
  readonly #cron: Cron

  private constructor(fields: readonly string[]) {
    this.#cron = new Cron(fields.join(' '), { timezone: 'UTC', paused: true, mode: '5-or-6-parts' })
    this.everyHour = /^[*?]$/.test(fields.at(-4) ?? '')
  }

  /** The first match later than `wall`, ms; `undefined`: none, ever. */
  after(wall: number): number | undefined {
    // Matches are whole seconds; the library drops the ms of what it is given.
    return this.#cron.nextRun(new Date(Math.floor(wall / 1_000) * 1_000))?.getTime()
  }

  /** Throws `InvalidOptionError` for anything but 5 or 6 fields that match some day. `option` names it in the error. */
  static parse(text: unknown, option = 'cron'): CronPattern {
    const expected =
      "5 fields (minute hour day month weekday) or 6 (second first), e.g. '0 3 * * *', '*/15 8-18 * * MON-FRI', '0 0 L * *'"
    if (typeof text !== 'string' || text.length > MAX_CHARACTERS) {
      throw new InvalidOptionError({ option, found: text, expected })
    }
    const known = compiled.get(text)
    if (known !== undefined) return known
    const fields = (NICKNAMES[text.trim().toLowerCase()] ?? text.trim()).split(/\s+/)
    if (fields.length !== 5 && fields.length !== 6) throw new InvalidOptionError({ option, found: text, expected })
    const pattern = compile(fields, { option, text, expected })
    if (pattern.after(Date.UTC(2024, 0)) === undefined) {
      throw new InvalidOptionError({ option, found: text, expected: 'a pattern that some day matches' })
    }
    if (compiled.size >= MAX_COMPILED) compiled.clear()
    compiled.set(text, pattern)
    return pattern
  }

  static of(fields: readonly string[]): CronPattern {
    return new CronPattern(fields)
  }
}

const compiled = new Map<string, CronPattern>()

function compile(
  fields: readonly string[],
  { option, text, expected }: { readonly option: string; readonly text: string; readonly expected: string },
): CronPattern {
  try {
    return CronPattern.of(fields)
  } catch (error) {
    const why = error instanceof Error ? error.message.replace(/^CronPattern: /, '') : String(error)
    throw new InvalidOptionError({ option, found: text, expected: `${expected}. ${why}` })
  }
}
