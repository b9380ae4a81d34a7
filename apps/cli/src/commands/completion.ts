import yargs from 'yargs'
import { UsageError } from '../cli-error.js'
import { defineCommand } from '../command.js'

const SHELLS = ['bash', 'zsh']

export const completion = defineCommand({
  usage: 'completion [shell]',
  summary: 'Print the script that lets a shell complete commands and options',
  positionals: { shell: { type: 'string', describe: `${SHELLS.join(' or ')}. Default: that of SHELL` } },
  examples: [
    ['completion bash >> ~/.bashrc', 'from the next bash on'],
    ['completion zsh >> ~/.zshrc', 'from the next zsh on'],
  ],
  async run({ shell = process.env['SHELL']?.replace(/^.*\//, '') ?? 'bash' }) {
    if (!SHELLS.includes(shell)) throw new UsageError(`No script for shell "${shell}": say ${SHELLS.join(' or ')}.`)
    // yargs looks there for the shell to write for.
    process.env['SHELL'] = shell
    yargs([]).scriptName('millrace').showCompletionScript()
    return 0
  },
})
