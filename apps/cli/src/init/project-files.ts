/** What a starting project is made of. */
export interface StartingProject {
  /** Of the package and of the app. */
  readonly name: string
  /** How `millrace` and `@millrace/cli` are named in package.json. */
  readonly millrace: { readonly library: string; readonly cli: string }
}

/** Exact, as this release was tested with. */
export const PINNED = { zod: '4.6.7', typescript: '7.0.2', '@types/node': '24.19.2' } as const

const TASKS = (name: string) => `import { createApp } from 'millrace'
import { z } from 'zod'

export const app = createApp({ name: '${name}' })

/** The contract: a producer imports this, and none of what the handler needs. */
export const greet = app.define('hello.greet', {
  input: z.object({ name: z.string().min(1) }),
  output: z.object({ text: z.string() }),
  retry: { attempts: 5 },
  timeout: '30s',
})
`

const WORKER = `import { app, greet } from './tasks.ts'

greet.handle(({ name }, ctx) => {
  ctx.log.info({ name }, 'greeting')
  return { text: \`Hello, \${name}!\` }
})

export { app }
`

const PRODUCER = `import { app, greet } from './tasks.ts'

const job = await greet.enqueue({ name: process.argv[2] ?? 'Ada' })
console.log(job.id, await job.result({ timeout: '10s' }))
await app.close()
`

const TEST = `import assert from 'node:assert/strict'
import { test } from 'node:test'
import { greet } from './tasks.ts'
import './worker.ts'

test('greets by name', async () => {
  assert.deepEqual(await greet.run({ name: 'Ada' }), { text: 'Hello, Ada!' })
})

test('refuses nobody', async () => {
  await assert.rejects(greet.run({ name: '' }), { code: 'INVALID_INPUT' })
})
`

const TSCONFIG = {
  compilerOptions: {
    target: 'ES2024',
    lib: ['ES2024', 'ESNext.Disposable', 'ESNext.Decorators', 'DOM'],
    module: 'NodeNext',
    types: ['node'],
    strict: true,
    noUncheckedIndexedAccess: true,
    exactOptionalPropertyTypes: true,
    verbatimModuleSyntax: true,
    allowImportingTsExtensions: true,
    noEmit: true,
    skipLibCheck: true,
  },
  include: ['src'],
}

/** The files of a starting project: path → text. */
export function projectFiles({ name, millrace }: StartingProject): Readonly<Record<string, string>> {
  const { typescript, zod } = PINNED
  const manifest = {
    name: name.toLowerCase(),
    version: '0.0.0',
    private: true,
    type: 'module',
    scripts: {
      dev: 'millrace dev',
      worker: 'millrace worker',
      produce: 'node src/producer.ts',
      test: 'node --test "src/**/*.test.ts"',
      typecheck: 'tsc',
    },
    dependencies: { '@millrace/cli': millrace.cli, millrace: millrace.library, zod },
    devDependencies: { '@types/node': PINNED['@types/node'], typescript },
    millrace: { app: './src/worker.ts', name },
  }
  return {
    'package.json': json(manifest),
    'tsconfig.json': json(TSCONFIG),
    // Makes it a root of its own, wherever it lies; pnpm also wants to be told about each build script.
    'pnpm-workspace.yaml': 'packages:\n  - .\nallowBuilds:\n  esbuild: false\n',
    '.gitignore': 'node_modules/\n.millrace/\n',
    'src/tasks.ts': TASKS(name),
    'src/worker.ts': WORKER,
    'src/producer.ts': PRODUCER,
    'src/greet.test.ts': TEST,
  }
}

function json(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`
}
