// Writes docs/api, a folder per package that users import, from the declarations that `tsc -b` made.
//
//   node scripts/api-reference/build.mjs           writes it
//   node scripts/api-reference/build.mjs --check   fails when the committed pages are out of date
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Application } from 'typedoc'

const PACKAGES = {
  millrace: ['packages/millrace/dist/index.d.ts', 'packages/millrace/dist/worker.d.ts'],
  otel: ['packages/otel/dist/index.d.ts'],
  testing: ['packages/testing/dist/index.d.ts'],
  dashboard: ['apps/dashboard/server/dist/index.d.ts'],
}

const root = join(import.meta.dirname, '..', '..')
const target = join(root, 'docs', 'api')
const check = process.argv.includes('--check')
const out = check ? mkdtempSync(join(tmpdir(), 'millrace-api-')) : target

try {
  if (!check) rmSync(target, { recursive: true, force: true })
  for (const [name, entries] of Object.entries(PACKAGES)) await document(name, entries)
  if (check && !sameFiles(out, target)) {
    console.error('docs/api is out of date: run `node scripts/api-reference/build.mjs`')
    process.exitCode = 1
  }
} finally {
  if (check) rmSync(out, { recursive: true, force: true })
}

async function document(name, entries) {
  const app = await Application.bootstrapWithPlugins({
    plugin: ['typedoc-plugin-markdown'],
    tsconfig: join(import.meta.dirname, 'tsconfig.json'),
    entryPoints: entries.map((entry) => join(root, entry)),
    name,
    out: join(out, name),
    readme: 'none',
    disableSources: true,
    excludeInternal: true,
    excludeExternals: true,
    excludePrivate: true,
    logLevel: 'Error',
    outputFileStrategy: 'modules',
    hideBreadcrumbs: true,
    hidePageHeader: true,
    useCodeBlocks: true,
    expandObjects: true,
    parametersFormat: 'table',
    interfacePropertiesFormat: 'table',
    typeAliasPropertiesFormat: 'table',
  })
  const project = await app.convert()
  if (project === undefined) throw new Error('the declarations could not be read: build first (pnpm build)')
  await app.generateOutputs(project)
  if (app.logger.hasErrors()) throw new Error('typedoc reported errors')
}

function sameFiles(made, committed) {
  const files = filesIn(made)
  const read = (folder, file) => readFileSync(join(folder, file), 'utf8')
  return files.join() === filesIn(committed).join() && files.every((file) => read(made, file) === read(committed, file))
}

function filesIn(folder) {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => statSync(join(folder, file)).isFile())
    .sort()
}
