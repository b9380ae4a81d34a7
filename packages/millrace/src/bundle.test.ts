import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { build, type Metafile } from 'esbuild'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const HERE = fileURLToPath(new URL('..', import.meta.url))
/** Inside the package, so that `millrace` resolves to its built entries as a user's would. */
let folder: string
let metafile: Metafile

beforeAll(async () => {
  folder = mkdtempSync(join(HERE, '.bundle-test-'))
  writeFileSync(
    join(folder, 'tasks.ts'),
    `import { createApp } from 'millrace'
     import { z } from 'zod'
     export const app = createApp({ name: 'bundled', broker: 'memory://' })
     export const add = app.define('math.add', { input: z.object({ x: z.number() }), output: z.number() })`,
  )
  writeFileSync(
    join(folder, 'producer.ts'),
    `import { add } from './tasks.js'
     const job = await add.enqueue({ x: 1 })
     console.log('enqueued', job.id.length, await job.state())`,
  )
  const result = await build({
    entryPoints: [join(folder, 'producer.ts')],
    outdir: join(folder, 'out'),
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    metafile: true,
    absWorkingDir: HERE,
    logLevel: 'silent',
  })
  metafile = result.metafile
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Source files in the entry and in what it imports statically. */
function eager(): string[] {
  const seen = new Set<string>()
  const queue = Object.entries(metafile.outputs).flatMap(([path, output]) =>
    output.entryPoint?.endsWith('producer.ts') ? [path] : [],
  )
  for (const path of queue) {
    if (seen.has(path)) continue
    seen.add(path)
    for (const { path: next, kind } of metafile.outputs[path]?.imports ?? [])
      if (kind === 'import-statement' && next in metafile.outputs) queue.push(next)
  }
  return [...seen].flatMap((path) => Object.keys(metafile.outputs[path]?.inputs ?? {}))
}

function all(): string[] {
  return Object.values(metafile.outputs).flatMap((output) => Object.keys(output.inputs))
}

const packagesOf = (inputs: readonly string[]) =>
  new Set(
    inputs.flatMap(
      (path) =>
        /(?:^|\/)(?:node_modules\/(?:\.pnpm\/[^/]+\/node_modules\/)?(@[^/]+\/[^/]+|[^/@]+)|\.\.\/([a-z-]+)\/dist)\//
          .exec(path)
          ?.slice(1)
          .filter(Boolean) ?? [],
    ),
  )

describe('a bundled producer', () => {
  it('loads core with its cron arithmetic, the client and the schema library, and no driver', () => {
    const loaded = packagesOf(eager())
    expect([...loaded].sort()).toEqual(['broker', 'client', 'core', 'croner', 'zod'])
  })

  it('holds neither worker nor dispatcher, not even aside', () => {
    const held = packagesOf(all())
    for (const absent of ['worker', 'dispatcher', 'embedded', 'pino']) expect(held).not.toContain(absent)
    expect(held).toContain('broker-redis')
    expect(held).toContain('broker-memory')
  })

  it('enqueues, and its process ends by itself', async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [join(folder, 'out', 'producer.mjs')], {
      timeout: 15_000,
    })
    expect(stdout.trim()).toBe('enqueued 22 ready')
  })
})
