import { closestName } from '@millrace/core'
import yargs, { type Options } from 'yargs'
import { Parser } from 'yargs/helpers'
import { UsageError } from './cli-error.js'
import type { AnyCommand } from './command.js'
import { COMMANDS } from './command-table.js'
import { GLOBAL_OPTIONS, type GlobalArguments } from './global-options.js'
import { STDIN } from './stdin-word.js'

const PARSING = {
  'dot-notation': false,
  'parse-positional-numbers': false,
  'short-option-groups': false,
  'strip-aliased': true,
  'camel-case-expansion': false,
}
const MAX_WIDTH = 100

export interface Line {
  /** The first word that is no option. */
  readonly command: string | undefined
  readonly help: boolean
  readonly version: boolean
  readonly json: boolean
}

/** Looks at a command line without knowing the command's own options. */
export function peek(argv: readonly string[]): Line {
  const strings = Object.entries(GLOBAL_OPTIONS).flatMap(([name, { type }]) => (type === 'string' ? [name] : []))
  const seen = Parser([...argv], {
    string: strings,
    boolean: ['json', 'debug', 'help', 'version'],
    alias: { help: ['h'] },
    configuration: PARSING,
  })
  const [word] = seen._
  return {
    command: word === undefined ? undefined : String(word),
    help: seen['help'] === true,
    version: seen['version'] === true,
    json: seen['json'] === true,
  }
}

/** Throws `UsageError`, with the closest name, for what is no command. */
export function checkCommand(name: string): string {
  if (Object.hasOwn(COMMANDS, name)) return name
  const meant = closestName(name, Object.keys(COMMANDS))
  const hint = meant === undefined ? '' : ` Did you mean "${meant}"?`
  throw new UsageError(`Unknown command "${name}".${hint} See millrace --help.`)
}

/** The arguments of a command. Throws `UsageError` for what it does not take. */
export async function parseArguments(
  name: string,
  command: AnyCommand,
  argv: readonly string[],
): Promise<Record<string, unknown> & GlobalArguments> {
  const parser = describeCommand(command).fail((message, error) => {
    // yargs finds some mistakes itself and throws them as its own error.
    throw error === undefined || error.name === 'YError'
      ? new UsageError(usageText(name, command, message || error.message))
      : error
  })
  const args = (await parser.parseAsync(argv.map((word) => (word === '-' ? STDIN : word)))) as unknown as Record<
    string,
    unknown
  > & { _: unknown[] }
  checkExtras(name, command, args)
  return args as unknown as Record<string, unknown> & GlobalArguments
}

export async function commandHelp(command: AnyCommand): Promise<string> {
  return describeCommand(command).getHelp()
}

export function describeCommand(command: AnyCommand) {
  const positionals = Object.entries(command.positionals ?? {})
  let parser = yargs([])
    .scriptName('millrace')
    .parserConfiguration(PARSING)
    .locale('en')
    .help(false)
    .version(false)
    .exitProcess(false)
    .wrap(helpWidth())
    .command(['$0', ...command.usage.split(' ').slice(1)].join(' '), command.summary, (inner) =>
      positionals.reduce((builder, [key, options]) => builder.positional(key, options), inner),
    )
    .usage(`millrace ${command.usage}\n\n${command.summary}.`)
    .options(command.options ?? {})
    .options({ ...GLOBAL_OPTIONS, help: { type: 'boolean', describe: 'Print this' } })
    .group(Object.keys(command.options ?? {}), 'Options:')
    .group([...Object.keys(GLOBAL_OPTIONS), 'help'], 'Of every command:')
  for (const [line, what] of command.examples) parser = parser.example(`millrace ${line}`, what)
  return parser
}

/** Help of the whole program. */
export function programHelp(): string {
  const width = Math.max(...Object.keys(COMMANDS).map((name) => name.length))
  const lines = Object.entries(COMMANDS).map(([name, { summary }]) => `  ${name.padEnd(width)}  ${summary}`)
  return [
    'millrace COMMAND [OPTIONS]',
    '',
    'A distributed task queue with a worker pool for TypeScript.',
    '',
    'Commands:',
    ...lines,
    '',
    'Examples:',
    '  millrace dev                                      run the tasks of ./tasks.ts while you write them',
    '  millrace enqueue math.add \'{"x":2,"y":3}\' --wait  call one and print its result',
    '  millrace queues                                   see what waits',
    '  millrace doctor                                   see what is wrong',
    '',
    'millrace COMMAND --help tells more. Exit status: 0 done, 1 failed, 2 wrong usage.',
  ].join('\n')
}

function helpWidth(): number {
  return Math.min(process.stdout.columns ?? 80, MAX_WIDTH)
}

function usageText(name: string, command: AnyCommand, message: string): string {
  const text = message.startsWith('Not enough non-option arguments')
    ? `Something is missing: millrace ${command.usage}`
    : message.trim().replaceAll('\n', ' ').replace(/\.$/, '')
  return `${text}. See millrace ${name} --help.`
}

/** What yargs lets pass: options that nobody declared, words too many, an option given twice. */
function checkExtras(name: string, command: AnyCommand, args: Record<string, unknown> & { _: unknown[] }): void {
  const options: Record<string, Options> = { ...command.options, ...GLOBAL_OPTIONS }
  const known = [...Object.keys(options), 'help', 'version']
  const positionals = Object.keys(command.positionals ?? {})
  for (const [key, value] of Object.entries(args)) {
    if (key === '_' || key === '$0' || positionals.includes(key)) continue
    if (!known.includes(key)) {
      const meant = closestName(key, known)
      const hint = meant === undefined ? '' : ` Did you mean "--${meant}"?`
      throw new UsageError(`Unknown option "--${key}".${hint} See millrace ${name} --help.`)
    }
    if (Array.isArray(value) && options[key]?.array !== true) {
      throw new UsageError(`--${key} is given twice: give it once. See millrace ${name} --help.`)
    }
  }
  const [extra] = args._
  if (extra !== undefined) {
    throw new UsageError(`"${describeWord(extra)}" is one word too many. See millrace ${name} --help.`)
  }
}

function describeWord(word: unknown): string {
  return typeof word === 'string' || typeof word === 'number' ? String(word) : '?'
}
