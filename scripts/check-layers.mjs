/**
 * Checks how the house is built: who imports whom, stage folders, import cycles, names and sizes of files, default
 * exports, key names. Prints one line per violation and ends with status 1 when there is any.
 *
 * usage: node scripts/check-layers.mjs [root]
 */
import { basename, dirname, join, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { findCycles } from './find-cycles.mjs'
import { findPackages, sourceFiles } from './source-tree.mjs'

/** Which packages (by folder) a package may import. Type imports count. */
const MAY_IMPORT = {
  core: [],
  broker: ['core'],
  'broker-*': ['broker', 'core'],
  coordination: ['core'],
  embedded: ['core'],
  client: ['broker', 'coordination', 'core'],
  worker: ['broker', 'coordination', 'core'],
  dispatcher: ['broker', 'coordination', 'core'],
  monitor: ['broker', 'coordination', 'core'],
  otel: ['millrace'],
  testing: ['millrace', 'broker-memory', 'broker', 'dispatcher', 'core'],
}
const MILLRACE_MAY_NOT_IMPORT = ['embedded', 'otel', 'testing']
const APPS_MAY_IMPORT = ['millrace', 'monitor', 'embedded', 'testing', 'core']
/** Nothing imports an app, these entries aside: who may import them. Tests of an app may import what stands beside it. */
const IMPORTED_APPS = {
  '@millrace/dashboard': ['apps/cli'],
  '@millrace/dashboard/contract': ['apps/dashboard/web'],
}

/** Packages that see the ports of broker and coordination only. */
const PORTS_ONLY = ['client', 'worker', 'dispatcher', 'monitor']
/** Entries of packages that are for tests. */
const FOR_TESTS = /^@millrace\/[a-z-]+\/(conformance|faulty)$/

const STAGED_PACKAGES = ['client', 'worker', 'dispatcher']
/** The folder of a package's own contracts, which every stage of it may import. */
const PORTS = 'ports'
/** Files at the root of src that wire stages and that stages may import all the same, as `worker/src/file.ts`. */
const STAGES_MAY_SEE = []

const DRAWERS = /^(utils?|helpers?|common|misc|types?|lib)$/
const MAX_LINES = 300
const SHARE_WITHIN = 0.95
const KEY_NAME = /millrace:\{/
/** V8 places a function literal that is assigned to a property or an element in the old generation at once, and all that it refers to stays. */
const OLD_FUNCTION = /^[^'"`/*]*(\w\.#?\w+|\]) (\?\?)?= (async )?(\([^()]*(\([^()]*\)[^()]*)*\)(: [^=]+)?|\w+) => ?/
/** Packages that run once for each job. */
const PER_JOB = ['broker-redis', 'client', 'core', 'worker']
const KEYSPACE = 'packages/broker-redis/src/keyspace.ts'

/**
 * @returns {{ violations: string[], notes: string[], files: number }}
 */
export function checkLayers(root) {
  const packages = findPackages(root)
  const files = packages.flatMap((pkg) => sourceFiles(root, pkg))
  const violations = []
  const report = (file, line, message) => violations.push(`${file.path}${line === 0 ? '' : `:${line}`}: ${message}`)
  const context = { root, packages, byPath: new Map(files.map((file) => [file.path, file])), report }

  for (const file of files) {
    checkName(file, report)
    if (file.language !== 'lua') checkImports(file, context)
    if (file.isTest) continue
    for (const line of file.scan.defaultExports) {
      if (!/\.config\.[a-z]+$/.test(file.path)) report(file, line, 'default export: export it by name')
    }
    checkKeyNames(file, report)
    checkFunctions(file, report)
  }
  for (const file of files) checkStages(file, report)
  for (const cycle of findCycles(files)) {
    violations.push(`${cycle[0]}: circular import: ${[...cycle, cycle[0]].map((path) => basename(path)).join(' → ')}`)
  }
  const notes = checkSizes(files, report)
  return { violations, notes, files: files.length }
}

function checkName(file, report) {
  const parts = file.path.slice(file.pkg.at.length + 1).split('/')
  const name = basename(file.path).split('.')[0]
  if (DRAWERS.test(name)) report(file, 0, `a file named "${name}" is a drawer: name it after its one thing`)
  for (const folder of parts.slice(0, -1)) {
    if (DRAWERS.test(folder)) report(file, 0, `a folder named "${folder}" is a drawer: name it after its one thing`)
  }
}

function checkImports(file, context) {
  for (const imported of file.scan.imports) {
    if (imported.specifier.startsWith('.')) checkRelative(file, imported, context)
    else checkPackage(file, imported, context)
  }
}

function checkPackage(file, { specifier, line, typeOnly }, { packages, report }) {
  const target = packages.find((pkg) => specifier === pkg.name || specifier.startsWith(`${pkg.name}/`))
  if (target === undefined || target === file.pkg) return
  if (target.group === 'apps') {
    if (IMPORTED_APPS[specifier]?.includes(file.pkg.at) || (file.isTest && areNeighbours(file.pkg, target))) return
    report(file, line, `imports the app ${target.name}: nothing imports apps`)
    return
  }
  if (file.isTest) return
  if (!mayImport(file.pkg, target)) {
    report(file, line, `${file.pkg.at} may not import ${specifier}: it may import ${allowedWords(file.pkg)}`)
  } else if (FOR_TESTS.test(specifier)) {
    report(file, line, `${specifier} is for tests only`)
  } else if (target.folder === 'coordination' && PORTS_ONLY.includes(file.pkg.folder) && !typeOnly) {
    report(file, line, `${file.pkg.at} may import only types (the port) from ${specifier}`)
  }
}

/** Apps with a folder of their own under `apps`, as the two halves of the dashboard. */
function areNeighbours(one, other) {
  return dirname(one.at) === dirname(other.at) && dirname(one.at) !== 'apps'
}

function mayImport(from, target) {
  if (from.group === 'apps') return APPS_MAY_IMPORT.includes(target.folder)
  if (from.folder === 'millrace') return !MILLRACE_MAY_NOT_IMPORT.includes(target.folder)
  return allowedFor(from)?.includes(target.folder) ?? false
}

function allowedFor(pkg) {
  return MAY_IMPORT[pkg.folder] ?? (pkg.folder.startsWith('broker-') ? MAY_IMPORT['broker-*'] : undefined)
}

function allowedWords(pkg) {
  if (pkg.group === 'apps') return APPS_MAY_IMPORT.join(', ')
  if (pkg.folder === 'millrace') return `all but ${MILLRACE_MAY_NOT_IMPORT.join(', ')}`
  const allowed = allowedFor(pkg)
  if (allowed === undefined) return 'nothing until scripts/check-layers.mjs has a rule for it'
  return allowed.length === 0 ? 'no package of ours' : allowed.join(', ')
}

function checkRelative(file, { specifier, line }, { byPath, report }) {
  const resolved = join(dirname(file.path), specifier).split(sep).join('/')
  if (!resolved.startsWith(`${file.pkg.at}/`)) {
    report(file, line, `imports ${specifier} across the package border: import the package by its name`)
    return
  }
  const target = resolveSource(resolved, byPath)
  if (target === undefined) return
  file.edges.push({ target, line })
}

function resolveSource(path, byPath) {
  const bare = path.replace(/\.(js|mjs|jsx)$/, '')
  const candidates = [path, `${bare}.ts`, `${bare}.tsx`, `${bare}.mts`, `${path}/index.ts`]
  for (const candidate of candidates) {
    const file = byPath.get(candidate)
    if (file !== undefined) return file
  }
  return undefined
}

/**
 * A stage (a folder right under src) imports itself, the package's `ports`, and those files at the root of src that see
 * no stage themselves: the package's own contracts. Runs when all edges are known.
 */
function checkStages(file, report) {
  const { pkg } = file
  if (file.isTest || pkg.group !== 'packages' || !STAGED_PACKAGES.includes(pkg.folder)) return
  const stage = stageOf(file)
  if (stage === undefined) return
  for (const { target, line } of file.edges) {
    const other = stageOf(target)
    if (other === stage || other === PORTS) continue
    if (STAGES_MAY_SEE.some((path) => target.path === `packages/${path}`)) continue
    if (other !== undefined) {
      report(file, line, `the stage "${stage}" imports the stage "${other}": only files at the root of src see several`)
    } else if (seesAStage(target)) {
      report(file, line, `the stage "${stage}" imports ${basename(target.path)}, which wires stages`)
    }
  }
}

function stageOf(file) {
  const parts = underSource(file)
  return parts.length < 2 ? undefined : parts[0]
}

function seesAStage(file, seen = new Set()) {
  if (seen.has(file)) return false
  seen.add(file)
  return file.edges.some(({ target }) => {
    const stage = stageOf(target)
    return (stage !== undefined && stage !== PORTS) || seesAStage(target, seen)
  })
}

function underSource(file) {
  const prefix = `${file.pkg.at}/src/`
  return file.path.startsWith(prefix) ? file.path.slice(prefix.length).split('/') : []
}

function checkKeyNames(file, report) {
  if (file.path === KEYSPACE || file.isGenerated) return
  const literals =
    file.language === 'lua'
      ? file.text.split('\n').map((text, index) => ({ text: text.replace(/--.*$/, ''), line: index + 1 }))
      : file.scan.literals
  for (const { text, line } of literals) {
    if (KEY_NAME.test(text)) report(file, line, `a key name outside ${KEYSPACE}`)
  }
}

function checkFunctions(file, report) {
  if (file.language === 'lua' || file.isGenerated || file.isConformance || !PER_JOB.includes(file.pkg.folder)) return
  for (const [index, text] of file.text.split('\n').entries()) {
    if (OLD_FUNCTION.test(text))
      report(file, index + 1, 'a function literal assigned to a property: name it first (ADR 0016)')
  }
}

function checkSizes(files, report) {
  const counted = files.filter((file) => !file.isTest && !file.isGenerated && !file.isConformance)
  const long = counted
    .map((file) => ({ file, lines: file.text.replace(/\n$/, '').split('\n').length }))
    .filter(({ lines }) => lines > MAX_LINES)
  const share = counted.length === 0 ? 1 : 1 - long.length / counted.length
  const tooMany = share < SHARE_WITHIN
  const said = `${(share * 100).toFixed(1)} % of ${counted.length} source files have at most ${MAX_LINES} lines`
  if (tooMany) {
    const wanted = `${SHARE_WITHIN * 100} % must`
    for (const { file, lines } of long) report(file, 0, `${lines} lines; ${said}, ${wanted}`)
  }
  return [said, ...(tooMany ? [] : long.map(({ file, lines }) => `${file.path}: ${lines} lines`))]
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = process.argv[2] ?? join(dirname(fileURLToPath(import.meta.url)), '..')
  const { violations, notes, files } = checkLayers(root)
  for (const violation of violations) console.log(violation)
  for (const note of notes) console.log(`note: ${note}`)
  console.log(`layers: ${files} files, ${violations.length} violations`)
  process.exitCode = violations.length === 0 ? 0 : 1
}
