import { parseArgs } from 'node:util'
import { tokenize } from './index/tokenize.js'

export interface DemoOptions {
  /** Default: the installed packages. */
  readonly folder: string | undefined
  readonly query: string
  readonly workers: number
  readonly json: boolean
  readonly keep: boolean
  /** Default: `.millrace` of the checkout. */
  readonly home: string | undefined
}

export type ParsedArguments =
  | { readonly kind: 'run'; readonly options: DemoOptions }
  | { readonly kind: 'help' }
  | { readonly kind: 'wrong'; readonly sentence: string }

export const DEFAULT_QUERY = 'permission to use copy modify distribute'
const MAX_WORKERS = 32

export const HELP = `usage: node apps/demo/dist/main.js [FOLDER] [options]

Builds a full-text index over the Markdown, plain text and license files in FOLDER with a Millrace workflow:
scan → a job per file → merge. One worker is killed in the middle, and the index must come out the same.
Without FOLDER it takes the packages that are installed in this checkout.

  --query "WORDS"   what to look for in the index; default: "${DEFAULT_QUERY}"
  --workers N       worker processes, 1 to ${MAX_WORKERS}; default: 2
  --json            prints a machine-readable summary as the last line
  --keep            leaves the files of this run, until the next one, in .millrace/demo/run-…
  --folder FOLDER   the same as FOLDER
  --home FOLDER     where the demo keeps its files; default: .millrace in this checkout
  --help            prints this and ends

Redis: the address in MILLRACE_BROKER, else a private redis-server or valkey-server from PATH, else an embedded one.
Exit status: 0 the index is equal to one made without the queue, 1 it is not or something failed, 2 wrong arguments.

examples:
  node apps/demo/dist/main.js
  node apps/demo/dist/main.js ~/notes --query "garden shed" --workers 4
  MILLRACE_BROKER=redis://127.0.0.1:6379 node apps/demo/dist/main.js --json | tail -1`

const OPTIONS = {
  query: { type: 'string' },
  workers: { type: 'string' },
  folder: { type: 'string' },
  home: { type: 'string' },
  json: { type: 'boolean' },
  keep: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const

/** Reads the command line. Never throws: what is wrong with it comes back as one sentence. */
export function parseArguments(args: readonly string[]): ParsedArguments {
  // Not strict: parseArgs would throw at the first mistake, in words of its own.
  const { values, positionals, tokens } = parseArgs({
    args: [...args],
    options: OPTIONS,
    allowPositionals: true,
    strict: false,
    tokens: true,
  })
  if (values.help === true) return { kind: 'help' }
  for (const token of tokens) {
    if (token.kind !== 'option') continue
    const known = Object.hasOwn(OPTIONS, token.name) ? OPTIONS[token.name as keyof typeof OPTIONS] : undefined
    if (known === undefined) return wrong(`there is no option ${token.rawName}: see --help`)
    if (known.type === 'string' && !token.value) return wrong(`${token.rawName} needs a value: see --help`)
    if (known.type === 'boolean' && token.value !== undefined)
      return wrong(`${token.rawName} takes no value: see --help`)
  }
  const folders = [...positionals, ...(typeof values.folder === 'string' ? [values.folder] : [])]
  if (folders.length > 1) return wrong(`one FOLDER at a time, not ${folders.length}: see --help`)
  const workers = values.workers === undefined ? 2 : Number(values.workers)
  if (!Number.isInteger(workers) || workers < 1 || workers > MAX_WORKERS) {
    return wrong(`--workers is ${JSON.stringify(values.workers)}: expected a whole number from 1 to ${MAX_WORKERS}`)
  }
  const query = typeof values.query === 'string' ? values.query : DEFAULT_QUERY
  if (tokenize(query).length === 0)
    return wrong(`--query is ${JSON.stringify(query)}: it has no word that could be looked for`)
  return {
    kind: 'run',
    options: {
      folder: folders[0],
      query,
      workers,
      json: values.json === true,
      keep: values.keep === true,
      home: typeof values.home === 'string' ? values.home : undefined,
    },
  }
}

function wrong(sentence: string): ParsedArguments {
  return { kind: 'wrong', sentence }
}
