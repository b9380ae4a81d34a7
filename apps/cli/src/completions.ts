import yargs from 'yargs'
import { describeCommand } from './command-line.js'
import { COMMANDS } from './command-table.js'

/** What may stand for the last of these words; the first is `millrace` itself. */
export async function completionsOf(words: readonly string[]): Promise<readonly string[]> {
  const [, ...line] = words
  const name = line.find((word) => Object.hasOwn(COMMANDS, word))
  const entry = line.length > 1 && name !== undefined ? COMMANDS[name] : undefined
  if (entry === undefined) {
    const parser = yargs([]).help(false).version(false)
    for (const [command, { summary }] of Object.entries(COMMANDS)) parser.command(command, summary)
    return parser.getCompletion([...line])
  }
  const found = await describeCommand(await entry.load()).getCompletion([...line])
  // The command itself stands among them as its own default.
  return found.filter((word) => !word.startsWith('$0'))
}
