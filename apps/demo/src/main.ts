import { stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type DemoOptions, HELP, parseArguments } from './arguments.js'
import { Closers } from './closers.js'
import { furtherText } from './report/further-text.js'
import { Screen } from './report/screen.js'
import { summaryText } from './report/summary-text.js'
import { type DemoRun, runDemo } from './run-demo.js'

const CHECKOUT = fileURLToPath(new URL('../../../', import.meta.url))
/** Closing takes this long at most: whatever hangs ends with this process. */
const CLOSES_WITHIN_MS = 15_000

process.exitCode = await main()
// Nothing that is still open may keep a demo that is over.
process.exit()

async function main(): Promise<number> {
  const parsed = parseArguments(process.argv.slice(2))
  switch (parsed.kind) {
    case 'help':
      console.log(HELP)
      return 0
    case 'wrong':
      console.error(parsed.sentence)
      return 2
    case 'run':
      return demo(parsed.options)
  }
}

async function demo(options: DemoOptions): Promise<number> {
  const screen = new Screen(process.stdout)
  const closers = new Closers()
  const broker = process.env.MILLRACE_BROKER
  const interrupted = signalled()
  try {
    const folder = await findFolder(options.folder)
    const home = resolve(options.home ?? join(CHECKOUT, '.millrace'))
    const run: DemoRun = { options: { ...options, folder, home }, screen, closers }
    const summary = await Promise.race([runDemo(run), interrupted])
    if (typeof summary === 'number') {
      screen.rest()
      console.error('interrupted: ending the workers')
      return summary
    }
    for (const line of [...summaryText(summary), '', ...furtherText(broker)]) screen.say(line)
    await close(closers)
    if (options.json) screen.say(JSON.stringify(summary))
    return summary.equal ? 0 : 1
  } catch (error) {
    screen.rest()
    console.error(`the demo failed: ${error instanceof Error ? error.message : String(error)}`)
    if (process.env.MILLRACE_DEBUG !== undefined && error instanceof Error) console.error(error.stack)
    return 1
  } finally {
    await close(closers)
  }
}

/** Resolves with the exit status of an interrupted program. */
function signalled(): Promise<number> {
  return new Promise((resolve) => {
    process.once('SIGINT', () => resolve(130))
    process.once('SIGTERM', () => resolve(143))
    process.once('SIGHUP', () => resolve(129))
  })
}

async function close(closers: Closers): Promise<void> {
  const timeUp = new Promise<void>((resolve) => setTimeout(resolve, CLOSES_WITHIN_MS).unref())
  await Promise.race([closers.close(), timeUp])
}

async function findFolder(given: string | undefined): Promise<string> {
  const candidates =
    given === undefined ? ['node_modules/.pnpm', 'node_modules'].map((name) => join(CHECKOUT, name)) : [resolve(given)]
  for (const folder of candidates) {
    const facts = await stat(folder).catch(() => undefined)
    if (facts?.isDirectory() === true) return folder
    if (facts !== undefined) throw new Error(`${folder} is no folder: give one with documents in it`)
  }
  throw new Error(`there is no folder ${candidates[0]}: give one with documents in it`)
}
