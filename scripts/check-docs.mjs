/**
 * Checks that the documentation speaks of what exists: paths, links, commands, errors, constants, keys. Prints one line per problem
 * and ends with status 1 when there is any.
 *
 * usage: node scripts/check-docs.mjs [root]
 */
import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

const CATALOGUE = 'packages/core/src/errors/catalogue.ts'
const ERRORS = 'docs/ERRORS.md'
/** Made from declarations by scripts/api-reference, which checks it itself. */
const GENERATED = 'docs/api/'
const KEYSPACE = 'packages/broker-redis/src/keyspace.ts'
const KEYSPACE_DOC = 'docs/KEYSPACE.md'
const COMMANDS = 'apps/cli/src/command-table.ts'
const COMMANDS_DOC = 'docs/CLI.md'

/** Tables of keys: the constant in the code, and the heading in docs/KEYSPACE.md under which its rows stand. */
const KEY_TABLES = [
  { constant: 'LANE_KEYS', heading: 'Keys of a lane' },
  { constant: 'LANE_FAMILIES', heading: 'Families of keys of a lane' },
  { constant: 'APP_KEYS', heading: 'Keys of the app' },
]

/** A word of code that starts so is a path from the root. */
const PATH = /^(?:\.\/)?((?:packages|apps|scripts|docs|test|docker|\.ci)\/[^\s`'"()[\],;]*)/
const PLACEHOLDER = /[<>‹›…]|NNNN/
/** The command line, not the package: nothing of a path, a scope or a key before it. */
const COMMAND = /(?<![\w/@:.#'-])millrace ([a-z]+)/g
const CONSTANT = /\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b/g
/** A page names what belongs to others so: `<!-- not ours: SomeError apps/v1 -->`. */
const FOREIGN = /<!-- not ours:([^>]*?)-->/
const ERROR_CLASS = /\b[A-Z][A-Za-z]*Error\b/g

/** @returns {{ problems: string[], files: number }} */
export function checkDocs(root) {
  const docs = findDocs(root).map((path) => readDoc(root, path))
  const problems = []
  const report = (doc, line, message) => {
    if ([...(doc.foreign ?? [])].some((name) => message.includes(name))) return
    problems.push(`${doc.path}${line === 0 ? '' : `:${line}`}: ${message}`)
  }
  const facts = {
    root,
    byPath: new Map(docs.map((doc) => [doc.path, doc])),
    commands: keysOf(read(root, COMMANDS), 'COMMANDS'),
    codes: keysOf(read(root, CATALOGUE), 'ERROR_CATALOGUE'),
    ...wordsOfSources(root),
  }
  for (const doc of docs) {
    checkPaths(doc, facts, report)
    checkLinks(doc, facts, report)
    checkCommands(doc, facts, report)
    checkWords(doc, facts, report)
  }
  checkCommandTable(facts, report)
  checkErrorTable(facts, report)
  checkKeyTables(facts, report)
  checkPermissions(facts, report)
  return { problems, files: docs.length }
}

function findDocs(root) {
  const pages = [
    'README.md',
    'CONTRIBUTING.md',
    'SECURITY.md',
    'CHANGELOG.md',
    'docs/**/*.md',
    '{packages,apps}/*/README.md',
    'apps/dashboard/*/README.md',
  ]
  return globSync(pages, { cwd: root, exclude: (name) => String(name).includes('node_modules') })
    .map((path) => path.split(sep).join('/'))
    .filter((path) => !path.startsWith(GENERATED))
    .sort()
}

function read(root, path) {
  const full = join(root, path)
  return existsSync(full) ? readFileSync(full, 'utf8') : ''
}

/** A page as lines, each with the pieces of code in it: the whole line inside a fence, else what stands in backticks. */
function readDoc(root, path) {
  let fenced = false
  const lines = read(root, path)
    .split('\n')
    .map((text, index) => {
      const fence = /^\s*(```|~~~)/.test(text)
      if (fence) fenced = !fenced
      const code = fenced && !fence ? [text] : [...text.matchAll(/`([^`]+)`/g)].map((match) => match[1])
      return { number: index + 1, text, fenced: fenced || fence, code: fence ? [] : code }
    })
  const foreign = FOREIGN.exec(read(root, path))?.[1]?.trim().split(/\s+/) ?? []
  return { path, lines, foreign }
}

/** The names at the first level of `const NAME = { … }`. */
function keysOf(source, name) {
  const body = new RegExp(`\\b${name}\\b[^=]*= \\{\\n([\\s\\S]*?)\\n\\}`).exec(source)?.[1] ?? ''
  return new Set([...body.matchAll(/^ {2}'?([\w:-]+)'?:/gm)].map((match) => match[1]))
}

/** Constants and error classes that the code has, environment variables included. */
function wordsOfSources(root) {
  const constants = new Set()
  const errors = new Set(['Error', 'TypeError', 'RangeError', 'SyntaxError'])
  const walk = (folder) => {
    if (!existsSync(folder)) return
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      if (entry.name === 'node_modules' || entry.name === 'dist') continue
      const full = join(folder, entry.name)
      if (entry.isDirectory()) walk(full)
      else if (/\.(ts|mjs|lua|sh|js)$/.test(entry.name) && !entry.name.startsWith('check-docs.')) {
        const text = readFileSync(full, 'utf8')
        for (const [word] of text.matchAll(CONSTANT)) constants.add(word)
        for (const [word] of text.matchAll(ERROR_CLASS)) errors.add(word)
      }
    }
  }
  for (const folder of ['packages', 'apps', 'scripts']) walk(join(root, folder))
  return { constants, errors }
}

function checkPaths(doc, { root }, report) {
  for (const { number, code } of doc.lines) {
    for (const word of code.flatMap((piece) => piece.split(/\s+/))) {
      const path = PATH.exec(word)?.[1]?.replace(/[.:]+$/, '')
      if (path === undefined || PLACEHOLDER.test(word)) continue
      if (!exists(root, path)) report(doc, number, `${path} does not exist`)
    }
  }
}

/** What the build makes counts as there when its source is: docs are checked before a build, too. */
function exists(root, path) {
  if (path.includes('*')) return globSync(path, { cwd: root }).length > 0
  return (
    existsSync(join(root, path)) ||
    existsSync(join(root, path.replace(/\/dist(?=\/|$)/, '/src').replace(/\.js$/, '.ts')))
  )
}

function checkLinks(doc, { root, byPath }, report) {
  for (const { number, text, fenced } of doc.lines) {
    if (fenced) continue
    for (const [, target] of text.replace(/`[^`]*`/g, '``').matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^[a-z]+:/.test(target)) continue
      const [file, anchor] = target.split('#')
      const full = file === '' ? join(root, doc.path) : join(root, dirname(doc.path), file)
      const path = relative(root, full).split(sep).join('/')
      if (!existsSync(full)) report(doc, number, `the link to ${target} leads nowhere`)
      else if (anchor && byPath.has(path) && !anchorsOf(byPath.get(path)).has(anchor)) {
        report(doc, number, `${path} has no heading #${anchor}`)
      }
    }
  }
}

/** Headings as GitHub names them. */
function anchorsOf(doc) {
  const headings = doc.lines.filter(({ text, fenced }) => !fenced && /^#+ /.test(text))
  return new Set(
    headings.map(({ text }) =>
      text
        .replace(/^#+ /, '')
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\s_-]/gu, '')
        .trim()
        .replaceAll(' ', '-'),
    ),
  )
}

function checkCommands(doc, { commands }, report) {
  for (const { number, text } of doc.lines) {
    for (const [, name] of text.matchAll(COMMAND)) {
      if (!commands.has(name)) report(doc, number, `there is no command "millrace ${name}"`)
    }
  }
}

/** Each command has its row; a row may tell several. */
function checkCommandTable({ byPath, commands }, report) {
  const doc = byPath.get(COMMANDS_DOC)
  if (doc === undefined) return
  const told = new Set(
    doc.lines.flatMap(({ text }) => {
      const cell = /^\|([^|]*)\|/.exec(text)?.[1] ?? ''
      return [...cell.matchAll(/`([a-z]+)`/g)].map((match) => match[1])
    }),
  )
  for (const name of commands) if (!told.has(name)) report(doc, 0, `the command ${name} is missing`)
}

function checkWords(doc, { codes, constants, errors }, report) {
  for (const { number, code } of doc.lines) {
    for (const piece of code) {
      for (const [word] of piece.matchAll(CONSTANT)) {
        if (!codes.has(word) && !constants.has(word)) report(doc, number, `the code knows no ${word}`)
      }
      for (const [word] of piece.matchAll(ERROR_CLASS)) {
        if (!errors.has(word)) report(doc, number, `the code knows no ${word}`)
      }
    }
  }
}

function checkErrorTable({ byPath, codes }, report) {
  const doc = byPath.get(ERRORS) ?? { path: ERRORS, lines: [] }
  const rows = tableRows(doc.lines)
  for (const { name, number } of rows) {
    if (!codes.has(name)) report(doc, number, `${name} is no code of ${CATALOGUE}`)
  }
  const told = new Set(rows.map((row) => row.name))
  for (const code of codes) if (!told.has(code)) report(doc, 0, `${code} of ${CATALOGUE} is missing`)
}

function checkKeyTables({ root, byPath }, report) {
  const doc = byPath.get(KEYSPACE_DOC) ?? { path: KEYSPACE_DOC, lines: [] }
  const source = read(root, KEYSPACE)
  for (const { constant, heading } of KEY_TABLES) {
    const body = new RegExp(`${constant} = \\{([^}]*)\\}`).exec(source)?.[1] ?? ''
    const suffixes = new Set([...body.matchAll(/\w+: '([^']+)'/g)].map((match) => match[1]))
    const rows = tableRows(sectionOf(doc, heading)).map((row) => ({ ...row, name: row.name.replace(/‹.*$/, '') }))
    for (const { name, number } of rows) {
      if (!suffixes.has(name)) report(doc, number, `${name} is not in ${constant}`)
    }
    const told = new Set(rows.map((row) => row.name))
    for (const suffix of suffixes) {
      if (!told.has(suffix)) report(doc, 0, `${suffix} of ${constant} is missing under "${heading}"`)
    }
  }
}

/** Commands that scripts and clients send have to be among those that a user is granted. */
function checkPermissions({ root, byPath }, report) {
  const doc = byPath.get(KEYSPACE_DOC) ?? { path: KEYSPACE_DOC, lines: [] }
  const fence = sectionOf(doc, 'Permissions').findIndex(({ text }) => text === '```')
  const text = sectionOf(doc, 'Permissions')
    .slice(fence + 1)
    .map((line) => line.text)
  const granted = new Set(text.slice(0, text.indexOf('```')).flatMap((line) => line.match(/(?<=\+)[a-z]+/g) ?? []))
  for (const path of globSync('**/*.{lua,ts}', { cwd: join(root, dirname(KEYSPACE)) })) {
    if (/\.(test|generated)\./.test(path)) continue
    const source = read(root, join(dirname(KEYSPACE), path))
    const sent = path.endsWith('.lua')
      ? [...source.matchAll(/redis\.call\([^']*'([A-Z]+)'(?: or '([A-Z]+)')?/g)]
      : [...source.matchAll(/\b(?:[cC]ommand\(|send\(client, )'([a-z]+)'/g)]
    for (const command of sent.flatMap((match) => match.slice(1).filter(Boolean))) {
      if (!granted.has(command.toLowerCase())) report(doc, 0, `${path} sends ${command}, which no user is granted`)
    }
  }
}

function sectionOf({ lines }, heading) {
  const from = lines.findIndex(({ text }) => text === `## ${heading}`)
  if (from < 0) return []
  const to = lines.findIndex(({ text }, index) => index > from && text.startsWith('## '))
  return lines.slice(from, to < 0 ? undefined : to)
}

/** The code in the first column of each table row. */
function tableRows(lines) {
  return lines.flatMap(({ text, number }) => {
    const name = /^\|\s*`([^`]+)`\s*\|/.exec(text)?.[1]
    return name === undefined ? [] : [{ name, number }]
  })
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = process.argv[2] ?? join(dirname(fileURLToPath(import.meta.url)), '..')
  const { problems, files } = checkDocs(root)
  for (const problem of problems) console.log(problem)
  console.log(`docs: ${files} pages, ${problems.length} problems`)
  process.exitCode = problems.length === 0 ? 0 : 1
}
