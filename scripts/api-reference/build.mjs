// Writes docs/api, one page per entry that users import, from the declarations that `tsc -b` made.
//
//   node scripts/api-reference/build.mjs           writes it
//   node scripts/api-reference/build.mjs --check   fails when the committed pages are out of date
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Application } from 'typedoc'

const root = join(import.meta.dirname, '..', '..')
const target = join(root, 'docs', 'api')
const check = process.argv.includes('--check')
const out = check ? mkdtempSync(join(tmpdir(), 'millrace-api-')) : target

try {
  const app = await Application.bootstrapWithPlugins({
    plugin: ['typedoc-plugin-markdown'],
    tsconfig: join(import.meta.dirname, 'tsconfig.json'),
    entryPoints: JSON.parse(readFileSync(join(import.meta.dirname, 'tsconfig.json'), 'utf8')).files.map((file) =>
      join(import.meta.dirname, file),
    ),
    name: 'Millrace',
    out,
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
  if (check && !samePages(out, target)) {
    console.error('docs/api is out of date: run `node scripts/api-reference/build.mjs`')
    process.exitCode = 1
  }
} finally {
  if (check) rmSync(out, { recursive: true, force: true })
}

function samePages(made, committed) {
  const pages = readdirSync(made).sort()
  const read = (folder, page) => readFileSync(join(folder, page), 'utf8')
  return (
    pages.join() === readdirSync(committed).sort().join() &&
    pages.every((page) => read(made, page) === read(committed, page))
  )
}
