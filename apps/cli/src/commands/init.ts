import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { CliError } from '../cli-error.js'
import { defineCommand } from '../command.js'
import { inCheckout, ownPackages } from '../init/own-packages.js'
import { projectFiles } from '../init/project-files.js'
import { printJson, printLine } from '../output/print.js'

/** Beside these, a folder counts as empty. */
const HARMLESS = ['.git', '.DS_Store']

export const init = defineCommand({
  usage: 'init [dir]',
  summary: 'Write a small starting project: a task, its handler, a producer, a test',
  positionals: { dir: { type: 'string', default: '.', describe: 'An empty folder, or one to make' } },
  examples: [
    ['init first', 'in a new folder named first'],
    ['init', 'here, where nothing is yet'],
  ],
  async run({ dir }, session) {
    const folder = resolve(dir)
    checkEmpty(folder, dir)
    const files = projectFiles({ name: projectName(folder), millrace: ownPackages(folder) })
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true })
      // Never over what somebody else has put there meanwhile.
      writeFileSync(join(folder, path), text, { flag: 'wx' })
    }
    const next = nextCommands(dir)
    if (session.json) printJson({ folder, files: Object.keys(files), next: next.map(([command]) => command) })
    else {
      const width = Math.max(...next.map(([command]) => command.length))
      printLine(`A project in ${folder}: ${Object.keys(files).join(', ')}\n\nNext:`)
      for (const [command, what] of next) printLine(`  ${command.padEnd(width)}  ${what}`)
    }
    return 0
  },
})

/** Throws `CliError` for what is no folder or holds something. */
function checkEmpty(folder: string, shown: string): void {
  const stat = statSync(folder, { throwIfNoEntry: false })
  if (stat === undefined) return
  if (!stat.isDirectory()) throw new CliError(`${shown} is a file: name a folder that is empty or does not exist.`)
  const found = readdirSync(folder).filter((name) => !HARMLESS.includes(name))
  if (found.length === 0) return
  const some = `${found.slice(0, 3).join(', ')}${found.length > 3 ? ', …' : ''}`
  throw new CliError(
    `${shown === '.' ? 'This folder' : `Folder ${shown}`} is not empty (${some}), and nothing was written: name a new one, e.g. millrace init ${shown === '.' ? 'first' : `${shown}-2`}.`,
  )
}

/** The folder's name as far as it can name an app and a package. */
function projectName(folder: string): string {
  const name = basename(folder)
    .replaceAll(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[^A-Za-z0-9]+|[^A-Za-z0-9]+$/g, '')
    .slice(0, 64)
  return name === '' ? 'first' : name
}

function nextCommands(dir: string): (readonly [command: string, what: string])[] {
  const manager = packageManager()
  const run = manager === 'npm' ? 'npm run' : manager
  return [
    [`${dir === '.' ? '' : `cd ${shellWord(dir)} && `}${manager} install`, ''],
    [`${run} dev`, 'runs the worker, with a Redis of its own'],
    [`${run} produce`, 'in another terminal: enqueues a job and prints its result'],
  ]
}

/** The one that runs this command; a checkout is linked, which only pnpm does. */
function packageManager(): string {
  const agent = /^(pnpm|yarn|npm)\//.exec(process.env['npm_config_user_agent'] ?? '')?.[1]
  return inCheckout() ? 'pnpm' : (agent ?? 'npm')
}

function shellWord(text: string): string {
  return /^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
}
