import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))
const LINKS = {
  millrace: 'packages/millrace',
  zod: 'apps/cli/node_modules/zod',
}

/** A project outside of the workspace that has the workspace's packages. */
export class ProjectFolder {
  readonly path = mkdtempSync(join(tmpdir(), 'millrace-cli-project-'))

  constructor(files: Readonly<Record<string, string>>) {
    mkdirSync(join(this.path, 'node_modules'))
    for (const [name, target] of Object.entries(LINKS)) {
      symlinkSync(join(ROOT, target), join(this.path, 'node_modules', name))
    }
    this.write('package.json', '{ "private": true, "type": "module" }')
    for (const [name, text] of Object.entries(files)) this.write(name, text)
  }

  /** At once, as editors do. */
  write(name: string, text: string): void {
    const file = join(this.path, name)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(`${file}.draft`, text)
    renameSync(`${file}.draft`, file)
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true })
  }
}
