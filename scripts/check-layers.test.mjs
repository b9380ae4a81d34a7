import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { checkLayers } from './check-layers.mjs'
import { scanModule } from './scan-module.mjs'

const NAMES = {
  'packages/core': '@millrace/core',
  'packages/broker': '@millrace/broker',
  'packages/broker-redis': '@millrace/broker-redis',
  'packages/broker-memory': '@millrace/broker-memory',
  'packages/client': '@millrace/client',
  'packages/worker': '@millrace/worker',
  'packages/dispatcher': '@millrace/dispatcher',
  'packages/monitor': '@millrace/monitor',
  'packages/coordination': '@millrace/coordination',
  'packages/embedded': '@millrace/embedded',
  'packages/otel': '@millrace/otel',
  'packages/testing': '@millrace/testing',
  'packages/millrace': 'millrace',
  'apps/cli': '@millrace/cli',
  'apps/demo': '@millrace/demo',
  'apps/dashboard/server': '@millrace/dashboard',
  'apps/dashboard/web': '@millrace/dashboard-web',
}

let root

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'millrace-layers-'))
  for (const [folder, name] of Object.entries(NAMES)) write(`${folder}/package.json`, JSON.stringify({ name }))
})

afterEach(() => rmSync(root, { recursive: true, force: true }))

function write(path, text) {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), text)
}

/** Writes the files and returns the violations. */
function check(files) {
  for (const [path, text] of Object.entries(files)) write(path, text)
  return checkLayers(root).violations
}

describe('who imports whom', () => {
  test.each([
    ['core', '@millrace/broker'],
    ['broker', '@millrace/client'],
    ['broker-redis', '@millrace/broker-memory'],
    ['coordination', '@millrace/broker'],
    ['embedded', '@millrace/broker'],
    ['client', '@millrace/worker'],
    ['worker', '@millrace/broker-redis'],
    ['dispatcher', '@millrace/client'],
    ['monitor', 'millrace'],
    ['millrace', '@millrace/embedded'],
    ['millrace', '@millrace/testing'],
    ['millrace', '@millrace/otel'],
    ['otel', '@millrace/worker'],
  ])('packages/%s may not import %s', (folder, name) => {
    const path = `packages/${folder}/src/file.ts`
    expect(check({ [path]: `\nimport { x } from '${name}'` })).toEqual([
      expect.stringMatching(`^${path}:2: packages/${folder} may not import ${name}: it may import `),
    ])
  })

  test.each([
    ['packages/broker', '@millrace/core'],
    ['packages/broker-redis', '@millrace/broker'],
    ['packages/worker', '@millrace/broker'],
    ['packages/millrace', '@millrace/worker'],
    ['packages/millrace', '@millrace/broker-redis'],
    ['apps/cli', 'millrace/worker'],
    ['apps/cli', '@millrace/monitor'],
    ['apps/demo', '@millrace/embedded'],
  ])('%s may import %s', (folder, name) => {
    expect(check({ [`${folder}/src/file.ts`]: `import { x } from '${name}'` })).toEqual([])
  })

  test.each([
    ['a type import', "import type { X } from 'millrace'"],
    ['a side effect import', "import 'millrace'"],
    ['a dynamic import', "const load = () => import('millrace/worker')"],
    ['a type of a dynamic import', "let x: import('millrace').App"],
    ['a re-export', "export { x } from 'millrace'"],
    ['a re-export of everything', "export * from 'millrace'"],
    ['a re-export under a name', "export * as m from 'millrace'"],
    ['a re-export of types', "export type { X } from 'millrace'"],
    ['an import over several lines', "import {\n  a, // 'not this'\n  type B,\n} from 'millrace'"],
    ['a default and names', "import m, { type A } from 'millrace'"],
  ])('sees %s', (_what, text) => {
    expect(check({ 'packages/worker/src/file.ts': text })).toEqual([
      expect.stringContaining('packages/worker may not import millrace'),
    ])
  })

  test.each([
    ['a comment', "// import { x } from 'millrace'\n/* import 'millrace' */"],
    ['a string', 'const text = "import { x } from \'millrace\'"'],
    ['a template', "const text = `import { x } from 'millrace' ${`import 'millrace'`} import('millrace')`"],
    ['a regular expression', "const pattern = /import '(millrace)'/\nconst other = /[/'\"]`/"],
    ['a property', "loader.import('millrace')"],
  ])('is not fooled by %s', (_what, text) => {
    expect(check({ 'packages/worker/src/file.ts': text })).toEqual([])
  })

  test('apps import the facade, not what is behind it', () => {
    expect(check({ 'apps/cli/src/file.ts': "import { x } from '@millrace/worker'" })).toEqual([
      expect.stringContaining('apps/cli may not import @millrace/worker'),
    ])
  })

  test('the command line imports the dashboard, and its pages import its contract', () => {
    const violations = check({
      'apps/cli/src/file.ts': "import { x } from '@millrace/dashboard'",
      'apps/dashboard/web/src/file.tsx': "import { x } from '@millrace/dashboard/contract'",
      'apps/dashboard/web/test/file.ts': "import { x } from '@millrace/dashboard'",
    })
    expect(violations).toEqual([])
  })

  test('its pages import nothing else of the dashboard, and nobody else imports it', () => {
    const violations = check({
      'apps/dashboard/web/src/file.tsx': "import { x } from '@millrace/dashboard'",
      'apps/demo/src/file.ts': "import { x } from '@millrace/dashboard'",
      'apps/demo/src/file.test.ts': "import { x } from '@millrace/dashboard/contract'",
    })
    expect(violations).toHaveLength(3)
  })

  test('the command line starts the dashboard, by its main entry', () => {
    const violations = check({
      'apps/cli/src/good.ts': "import { serveDashboard } from '@millrace/dashboard'",
      'apps/cli/src/bad.ts': "import { x } from '@millrace/dashboard/other'",
    })
    expect(violations).toEqual([expect.stringContaining('bad.ts')])
  })

  test('nothing imports apps: no package, no app, no test', () => {
    const violations = check({
      'packages/millrace/src/file.ts': "import { x } from '@millrace/cli'",
      'packages/millrace/src/file.test.ts': "import { x } from '@millrace/cli'",
      'apps/demo/src/file.ts': "import { x } from '@millrace/cli'",
    })
    expect(violations).toHaveLength(3)
    for (const violation of violations) expect(violation).toContain('nothing imports apps')
  })

  test('tests may import any package', () => {
    const text = "import { x } from '@millrace/broker-memory'\nimport { y } from '@millrace/broker/conformance'"
    const files = { 'packages/worker/src/a.test.ts': text, 'packages/worker/test/b.ts': text }
    expect(check(files)).toEqual([])
  })

  test('the conformance suite is for tests only', () => {
    expect(check({ 'packages/worker/src/file.ts': "import { x } from '@millrace/broker/conformance'" })).toEqual([
      expect.stringContaining('is for tests only'),
    ])
  })

  test('of coordination the parts see the port, which is types', () => {
    const violations = check({
      'packages/dispatcher/src/good.ts': "import type { Term } from '@millrace/coordination'",
      'packages/dispatcher/src/also-good.ts': "import { type Term } from '@millrace/coordination'",
      'packages/dispatcher/src/bad.ts': "import { openRedlock, type Term } from '@millrace/coordination'",
    })
    expect(violations).toEqual([expect.stringMatching(/^packages\/dispatcher\/src\/bad\.ts:1: .*only types/)])
  })

  test('a path into another package is refused', () => {
    expect(check({ 'packages/worker/src/file.ts': "import { x } from '../../core/src/index.js'" })).toEqual([
      expect.stringContaining('across the package border'),
    ])
  })

  test('a package without a rule may import nothing', () => {
    write('packages/novel/package.json', '{"name":"@millrace/novel"}')
    expect(check({ 'packages/novel/src/file.ts': "import { x } from '@millrace/core'" })).toEqual([
      expect.stringContaining('nothing until scripts/check-layers.mjs has a rule for it'),
    ])
  })
})

describe('stages', () => {
  const stages = {
    'packages/worker/src/execute/run.ts': 'export const run = 1',
    'packages/worker/src/ports/host.ts': 'export interface Host {}',
    'packages/worker/src/options.ts': 'export interface Options {}',
    'packages/worker/src/worker.ts':
      "import { run } from './execute/run.js'\nimport { settle } from './settle/settle.js'",
  }

  test('a stage may import itself, the ports and contracts at the root of src; the root sees all', () => {
    const settle =
      "import type { Host } from '../ports/host.js'\nimport type { Options } from '../options.js'\nimport { x } from './box/x.js'"
    const files = {
      ...stages,
      'packages/worker/src/settle/settle.ts': settle,
      'packages/worker/src/settle/box/x.ts': '',
    }
    expect(check(files)).toEqual([])
  })

  test('a stage may not import another stage, types included', () => {
    const settle = "import type { run } from '../execute/run.js'"
    expect(check({ ...stages, 'packages/worker/src/settle/settle.ts': settle })).toEqual([
      expect.stringMatching(
        /^packages\/worker\/src\/settle\/settle\.ts:1: the stage "settle" imports the stage "execute"/,
      ),
    ])
  })

  test('a stage may not import a file that wires stages', () => {
    const violations = check({ ...stages, 'packages/worker/src/drain/drain.ts': "import { x } from '../worker.js'" })
    expect(violations).toEqual([expect.stringContaining('the stage "drain" imports worker.ts, which wires stages')])
  })

  test('packages without stages are free', () => {
    const files = { 'packages/core/src/a/a.ts': "import { b } from '../b/b.js'", 'packages/core/src/b/b.ts': '' }
    expect(check(files)).toEqual([])
  })
})

describe('circular imports', () => {
  test('are named with the way round', () => {
    const violations = check({
      'packages/core/src/a.ts': "import { b } from './b.js'",
      'packages/core/src/b.ts': "import type { C } from './c.js'",
      'packages/core/src/c.ts': "export * from './a.js'",
      'packages/core/src/d.ts': "import { a } from './a.js'",
    })
    expect(violations).toEqual(['packages/core/src/a.ts: circular import: a.ts → b.ts → c.ts → a.ts'])
  })

  test('through an index file, too', () => {
    const violations = check({
      'packages/core/src/a.ts': "import { a } from './index.js'",
      'packages/core/src/index.ts': "export * from './a.js'",
    })
    expect(violations).toEqual(['packages/core/src/a.ts: circular import: a.ts → index.ts → a.ts'])
  })
})

describe('files', () => {
  test.each(['utils', 'helpers', 'common', 'misc', 'types', 'lib'])('none is named %s', (name) => {
    expect(check({ [`packages/core/src/${name}.ts`]: '' })).toEqual([expect.stringContaining('is a drawer')])
    expect(check({ [`packages/core/src/${name}/x.ts`]: '' })).toHaveLength(2)
  })

  test('at least 95 % have at most 300 lines, and the others are listed', () => {
    for (let i = 0; i < 18; i++) write(`packages/core/src/f${i}.ts`, '\n'.repeat(300))
    expect(check({ 'packages/core/src/long.ts': '\n'.repeat(301) })).toEqual([
      'packages/core/src/long.ts: 301 lines; 94.7 % of 19 source files have at most 300 lines, 95 % must',
    ])
    expect(check({ 'packages/core/src/one-more.lua': '\n' })).toEqual([])
    expect(checkLayers(root).notes).toContain('packages/core/src/long.ts: 301 lines')
  })

  test('tests, generated files and the conformance suite may be long', () => {
    const long = '\n'.repeat(500)
    const files = {
      'packages/core/src/a.test.ts': long,
      'packages/core/src/b.generated.ts': long,
      'packages/broker/src/conformance/c.ts': long,
    }
    expect(check(files)).toEqual([])
  })

  test.each([
    'export default function run() {}',
    'const x = 1\nexport { x as default }',
    "export { default } from './x.js'",
  ])('none has a default export: %s', (text) => {
    expect(check({ 'packages/core/src/a.ts': text })).toEqual([expect.stringContaining('default export')])
  })

  test('a tool’s configuration may have one', () => {
    expect(check({ 'apps/cli/vite.config.ts': 'export default {}' })).toEqual([])
  })

  test.each([
    ['ts', "const key = 'millrace:{0}:ready'"],
    ['ts', 'const key = `millrace:{${lane}}`'],
    ['lua', "local key = 'millrace:{0}:ready'"],
  ])('a key name belongs in keyspace.ts (%s)', (extension, text) => {
    const message = 'a key name outside packages/broker-redis/src/keyspace.ts'
    expect(check({ [`packages/broker-redis/src/a.${extension}`]: text })).toEqual([expect.stringContaining(message)])
  })

  test.each([
    'this.resolve = (reply) => read(reply)',
    'this.#resolve = async (reply) => {',
    '  hold.done ??= () => {',
    'this.turn = one => two(one)',
    'turns[0] = (one) => two(one)',
    'this.read = (reply: unknown, then: (one: number) => void): void => {',
  ])('a function literal is not assigned to a property: %s', (text) => {
    const message = 'packages/worker/src/a.ts:2: a function literal assigned to a property'
    expect(check({ 'packages/worker/src/a.ts': `const a = 1\n${text}\n` })).toEqual([expect.stringContaining(message)])
  })

  test('tests, and what does not run once for each job, may do so', () => {
    const text = 'this.resolve = (reply) => read(reply)'
    expect(check({ 'packages/monitor/src/a.ts': text, 'packages/worker/src/a.test.ts': text })).toEqual([])
  })

  test.each([
    'const resolve = (reply) => read(reply)',
    '  readonly turn = (): void => {',
    'this.resolve = resolve',
    'this.ends = jobs.map((job) => job.end)',
    'this.timer = setTimeout(() => this.ring(), 5)',
    'if (a.b === c) run(() => d)',
    '// this.resolve = (reply) => read(reply)',
  ])('others are as they are: %s', (text) => {
    expect(check({ 'packages/worker/src/a.ts': text })).toEqual([])
  })

  test('keyspace.ts, comments and tests may say one', () => {
    const files = {
      'packages/broker-redis/src/keyspace.ts': 'export const key = `millrace:{${0}}`',
      'packages/broker-redis/src/a.ts': '// millrace:{0}:ready',
      'packages/broker-redis/src/a.lua': '-- millrace:{0}:ready',
      'packages/broker-redis/src/a.test.ts': "const key = 'millrace:{0}'",
    }
    expect(check(files)).toEqual([])
  })
})

test('a clean house has no violations; the command says so and ends with 0, else with 1', () => {
  const script = fileURLToPath(new URL('check-layers.mjs', import.meta.url))
  const run = () => spawnSync(process.execPath, [script, root], { encoding: 'utf8' })
  write('packages/core/src/a.ts', 'export const a = 1\n')
  expect(run()).toMatchObject({ status: 0, stdout: expect.stringContaining('layers: 1 files, 0 violations') })
  write('packages/core/src/b.ts', "import 'millrace'\n")
  expect(run()).toMatchObject({ status: 1, stdout: expect.stringMatching(/^packages\/core\/src\/b\.ts:1: /) })
})

test('the scanner keeps its place in JSX', () => {
  const text = "const page = <p className=\"x\">don't {'stop'} <b>a / b</b></p>\nconst load = import('./late.js')"
  expect(scanModule(text).imports).toEqual([{ specifier: './late.js', line: 2, typeOnly: false }])
})
