import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { transform } from 'esbuild'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const run = promisify(execFile)
const { resolve } = createRequire(import.meta.url)
const TSX = pathToFileURL(resolve('tsx')).href
const TSC = join(dirname(resolve('typescript/package.json')), 'bin/tsc')
const DECORATED = `import { createApp, task, tasks, type TaskContext } from 'millrace'
const app = createApp({ name: 'loaded' })
@tasks({ queue: 'mail' })
class Mail {
  readonly #greeting: string = 'Dear'
  @task('mail.welcome', { timeout: '5s' })
  async welcome(input: { name: string }, ctx: TaskContext) {
    return this.#greeting + ' ' + input.name + ', attempt ' + ctx.attempt
  }
}
class Loud extends Mail {}
const mail = app.register(new Loud())
console.log(await mail.welcome.run({ name: 'Ada' }), mail.welcome.definition.policy.queue)
`
const SAID = 'Dear Ada, attempt 1 mail\n'
/** Inside the package, so that `millrace` is its built self. */
let folder: string

beforeAll(() => {
  folder = mkdtempSync(join(fileURLToPath(new URL('../..', import.meta.url)), '.decorators-test-'))
  write('mail.ts', DECORATED)
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

function write(name: string, text: string): string {
  writeFileSync(join(folder, name), text)
  return join(folder, name)
}

async function node(...args: string[]) {
  const { stdout, stderr } = await run(process.execPath, args, { cwd: folder }).catch((failed) => failed)
  return { stdout, stderr }
}

async function tsc(options: object): Promise<void> {
  const compilerOptions = {
    target: 'es2022',
    module: 'nodenext',
    types: [],
    strict: true,
    skipLibCheck: true,
    ...options,
  }
  const config = write('tsconfig.json', JSON.stringify({ compilerOptions, files: ['mail.ts'] }))
  await run(process.execPath, [TSC, '-p', config]).catch((failed) => failed)
  rmSync(config)
}

describe('decorators work under', () => {
  it('tsx', async () => {
    expect(await node('--import', TSX, 'mail.ts')).toMatchObject({ stdout: SAID })
  })

  it('esbuild', async () => {
    const { code } = await transform(DECORATED, { loader: 'ts', target: 'es2022' })
    write('by-esbuild.js', code)
    expect(await node('by-esbuild.js')).toMatchObject({ stdout: SAID })
  })

  it('tsc', async () => {
    await tsc({ outDir: 'out' })
    expect(await node('out/mail.js')).toMatchObject({ stdout: SAID })
  })
})

describe('decorators do not work', () => {
  it("under Node's own type stripping: a syntax error", async () => {
    expect((await node('mail.ts')).stderr).toMatch(/SyntaxError/)
  })

  it('with target esnext, which leaves them as they are: a syntax error', async () => {
    await tsc({ target: 'esnext', outDir: 'next' })
    expect((await node('next/mail.js')).stderr).toMatch(/SyntaxError/)
  })

  it('as experimentalDecorators, compiled by tsc: one clear error', async () => {
    await tsc({ experimentalDecorators: true, outDir: 'legacy' })
    expect((await node('legacy/mail.js')).stderr).toMatch(
      /InvalidOptionError: Invalid option experimentalDecorators: found true, expected standard decorators: remove/,
    )
  })

  it('as experimentalDecorators, run by tsx: the same error', async () => {
    const config = write('tsconfig.json', JSON.stringify({ compilerOptions: { experimentalDecorators: true } }))
    const { stderr } = await node('--import', TSX, 'mail.ts')
    rmSync(config)
    expect(stderr).toMatch(/Invalid option experimentalDecorators: found true/)
  })
})
