import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core'
import { type RedisServer, startRedisServer } from '@millrace/embedded'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

interface Manifest {
  readonly name: string
  readonly version: string
  readonly private?: boolean
  readonly exports?: unknown
}
interface Packed {
  readonly name: string
  readonly tarball: string
}

const root = join(import.meta.dirname, '..')
const folders = ['packages', 'apps', 'apps/dashboard']
  .flatMap((parent) =>
    readdirSync(join(root, parent), { withFileTypes: true }).map((entry) => join(root, parent, entry.name)),
  )
  .filter((folder) => readManifest(folder) !== undefined && readManifest(folder)?.private !== true)
const desk = mkdtempSync(join(tmpdir(), 'millrace-packages-'))
/** As a resolver that knows `exports` sees it: Node 10 does not, and a CommonJS module may load these with `require` since Node 22.12. */
const ESM_ONLY = new Set(['NoResolution:node10', 'CJSResolvesToESM:node16-cjs'])

function readManifest(folder: string): Manifest | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest
  } catch {
    return undefined
  }
}

const pnpm = (args: readonly string[], cwd: string) =>
  execFileSync('pnpm', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], timeout: 120_000 })

function pack(folder: string): Packed {
  const { name, filename } = JSON.parse(pnpm(['pack', '--json', '--pack-destination', desk], folder)) as {
    name: string
    filename: string
  }
  return { name, tarball: filename }
}

let packed: readonly Packed[]
beforeAll(() => {
  packed = folders.map(pack)
}, 120_000)
afterAll(() => rmSync(desk, { recursive: true, force: true }))

describe('the packages, as they are published,', () => {
  it.each(folders.map((folder) => [readManifest(folder)?.name ?? folder]))('%s is well made', async (name) => {
    const { tarball } = packed.find((one) => one.name === name) as Packed
    const bytes = new Uint8Array(readFileSync(tarball))
    const { messages, pkg } = await publint({ pack: { tarball: bytes.buffer }, strict: true })
    expect(messages.map((message) => formatMessage(message, pkg, { color: false }))).toEqual([])
    const types = await checkPackage(createPackageFromTarballData(bytes))
    const importable = types.types !== false && (pkg as unknown as Manifest).exports !== undefined
    const problems = (importable ? types.problems : []).map((problem) =>
      'resolutionKind' in problem ? `${problem.kind}:${problem.resolutionKind}` : problem.kind,
    )
    expect(problems.filter((problem) => !ESM_ONLY.has(problem))).toEqual([])
  })
})

const TASKS = `
import { createApp } from 'millrace'
import { createWorker } from 'millrace/worker'
import { z } from 'zod'

const app = createApp({ name: 'outside' })
const add = app.task('math.add', { input: z.object({ x: z.number(), y: z.number() }), output: z.number() }, ({ x, y }) => x + y)
const worker = createWorker(app)
await worker.start()
const job = await add.enqueue({ x: 2, y: 3 })
const sum: number = await job.result({ timeout: '10s' })
console.log('sum', sum)
await worker.stop()
await app.close()
`

describe.skipIf(process.env['MILLRACE_TEST_REDIS'] === 'none')('an empty project outside the workspace', () => {
  let redis: RedisServer
  beforeAll(async () => {
    redis = await startRedisServer()
  })
  afterAll(() => redis.close())

  it('installs the packed packages, type checks, and runs its first task, in code and by the command', {
    timeout: 180_000,
  }, () => {
    const project = join(desk, 'project')
    mkdirSync(project)
    const tarballs = Object.fromEntries(packed.map(({ name, tarball }) => [name, `file:${tarball}`]))
    const write = (file: string, text: string) => writeFileSync(join(project, file), text)
    write(
      'package.json',
      JSON.stringify({
        private: true,
        type: 'module',
        dependencies: { millrace: tarballs['millrace'], '@millrace/cli': tarballs['@millrace/cli'], zod: '4.6.7' },
        devDependencies: { typescript: '7.0.2', '@types/node': '24.19.2' },
      }),
    )
    write('pnpm-workspace.yaml', `${JSON.stringify({ overrides: tarballs, allowBuilds: { esbuild: false } })}\n`)
    write(
      'tsconfig.json',
      JSON.stringify({
        compilerOptions: {
          strict: true,
          module: 'NodeNext',
          target: 'ES2024',
          noEmit: true,
          skipLibCheck: false,
          types: ['node'],
        },
        include: ['first.ts'],
      }),
    )
    write('first.ts', TASKS)
    pnpm(['install', '--prefer-offline'], project)

    const run = (command: string, ...args: string[]) =>
      spawnSync(command, args, {
        cwd: project,
        encoding: 'utf8',
        timeout: 60_000,
        env: { ...process.env, MILLRACE_BROKER: redis.url },
      })
    expect(run('node_modules/.bin/tsc', '-p', '.')).toMatchObject({ status: 0, stdout: '' })
    const first = run(process.execPath, 'first.ts')
    expect(first).toMatchObject({ status: 0, stderr: '' })
    expect(first.stdout).toContain('\nsum 5\n')
    const queues = run('node_modules/.bin/millrace', 'queues', '--name', 'outside', '--json')
    expect(JSON.parse(queues.stdout)).toMatchObject([{ queue: 'default' }])
  })
})
