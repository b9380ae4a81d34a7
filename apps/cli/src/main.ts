import { CliError } from './cli-error.js'
import { checkCommand, commandHelp, parseArguments, peek, programHelp } from './command-line.js'
import { COMMANDS } from './command-table.js'
import { errorStack, errorText } from './error-text.js'
import { Session } from './session.js'
import { cliVersion } from './version.js'

/** By this, the script of a shell asks for completions of the words that follow. */
const ASKS_COMPLETIONS = '--get-yargs-completions'
/** Codes of errors that say that the command line is wrong, whoever found it. */
const USAGE_CODES = ['INVALID_OPTION', 'INVALID_NAME']

/** Runs one command line and ends the process with its status. */
export async function main(argv: readonly string[]): Promise<void> {
  endQuietlyOnClosedPipe()
  const debug = argv.includes('--debug') || isSet(process.env['MILLRACE_DEBUG'])
  let status: number
  try {
    status = await run(argv)
  } catch (error) {
    process.stderr.write(`error: ${errorText(error)}${brokerHint(error)}\n`)
    if (debug) process.stderr.write(`${errorStack(error)}\n`)
    status = statusOf(error)
  }
  await Promise.all([flushed(process.stdout), flushed(process.stderr)])
  // What an app module has left open must not hold up the command.
  process.exit(status)
}

/** Who has named no broker is told how, and what to do without one. */
function brokerHint(error: unknown): string {
  const code: unknown = error instanceof Error ? (error as { code?: unknown }).code : undefined
  const byDefault = errorText(error).includes(' at redis://127.0.0.1:6379 ') && !isSet(process.env['MILLRACE_BROKER'])
  if (code !== 'BROKER_UNAVAILABLE' || !byDefault) return ''
  return ' MILLRACE_BROKER or --broker names another; where there is none, millrace dev brings one along.'
}

async function run(argv: readonly string[]): Promise<number> {
  if (argv[0] === ASKS_COMPLETIONS) {
    const { completionsOf } = await import('./completions.js')
    return print((await completionsOf(argv.slice(1))).join('\n'))
  }
  const line = peek(argv)
  if (line.command === undefined) {
    if (line.version) return print(cliVersion())
    print(programHelp())
    return line.help || argv.length === 0 ? 0 : 2
  }
  if (line.command === 'help') return help(argv)
  const name = checkCommand(line.command)
  const command = await (COMMANDS[name] as (typeof COMMANDS)[string]).load()
  if (line.help) return print(await commandHelp(command))
  const args = await parseArguments(name, command, withoutCommand(argv, name))
  const session = new Session(args)
  try {
    return (await command.run(args, session)) ?? 0
  } finally {
    await session.close()
  }
}

async function help(argv: readonly string[]): Promise<number> {
  const about = peek(withoutCommand(argv, 'help')).command
  if (about === undefined) return print(programHelp())
  const name = checkCommand(about)
  return print(await commandHelp(await (COMMANDS[name] as (typeof COMMANDS)[string]).load()))
}

function withoutCommand(argv: readonly string[], name: string): string[] {
  const at = argv.indexOf(name)
  return [...argv.slice(0, at), ...argv.slice(at + 1)]
}

function print(text: string): 0 {
  process.stdout.write(`${text}\n`)
  return 0
}

function statusOf(error: unknown): number {
  if (error instanceof CliError) return error.exitCode
  const code: unknown = error instanceof Error ? (error as { code?: unknown }).code : undefined
  return typeof code === 'string' && USAGE_CODES.includes(code) ? 2 : 1
}

/** Pipes are asynchronous on some systems. */
function flushed(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => {
    stream.write('', () => resolve())
  })
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== '' && value !== '0'
}

/** `millrace jobs | head` is no failure. */
function endQuietlyOnClosedPipe(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0)
    throw error
  })
}
