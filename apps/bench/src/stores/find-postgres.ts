import { execFileSync } from 'node:child_process'
import { accessSync, constants, readdirSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/** Where Debian keeps one folder per version. */
const VERSIONS_FOLDER = '/usr/lib/postgresql'
const NEEDED = ['initdb', 'postgres', 'createdb', 'dropdb']

/** The folder with PostgreSQL's programs: of `pg_config`, else the newest under /usr/lib/postgresql, else of PATH. */
export function findPostgres(): string | undefined {
  const ofPath = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '')
  return [...folderOfPgConfig(), ...foldersByVersion(), ...ofPath].find((folder) =>
    NEEDED.every((program) => isExecutable(join(folder, program))),
  )
}

/** As `postgres --version` says it, without the words: `15.14`. */
export function postgresVersion(folder: string): string {
  const said = execFileSync(join(folder, 'postgres'), ['--version'], { encoding: 'utf8' })
  return /\) (\S+)/.exec(said)?.[1] ?? said.trim()
}

function folderOfPgConfig(): string[] {
  try {
    return [execFileSync('pg_config', ['--bindir'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()]
  } catch {
    return []
  }
}

function foldersByVersion(): string[] {
  try {
    const versions = readdirSync(VERSIONS_FOLDER).sort((a, b) => Number.parseFloat(b) - Number.parseFloat(a))
    return versions.map((version) => join(VERSIONS_FOLDER, version, 'bin'))
  } catch {
    return []
  }
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}
