import { execFile, execFileSync } from 'node:child_process'
import { chownSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'
import { freePort, type SupervisedChild, superviseChild } from '@millrace/embedded'
import { findPostgres, postgresVersion } from './find-postgres.js'

/** A private PostgreSQL on loopback with its own defaults. It ends with this process. */
export interface PostgresCluster {
  readonly version: string
  /** Of the server process that all others descend from. */
  readonly pid: number
  /** A new, empty database. */
  createDatabase(): Promise<{ readonly url: string; drop(): Promise<void> }>
  /** Ends the server and removes its files. */
  close(): Promise<void>
}

type User = { readonly uid: number; readonly gid: number }

const OWNER = 'bench'
const START_DEADLINE_MS = 30_000
const POLL_MS = 50
const run = promisify(execFile)

/** @throws Error that says why there is none: no programs, or they did not start. */
export async function startPostgresCluster(): Promise<PostgresCluster> {
  const programs = findPostgres()
  if (programs === undefined) {
    throw new Error(
      'no PostgreSQL was found by pg_config, under /usr/lib/postgresql or on PATH (apt-get install postgresql)',
    )
  }
  const user = unprivilegedUser()
  const folder = mkdtempSync(join(tmpdir(), 'millrace-bench-postgres-'))
  try {
    if (user !== undefined) chownSync(folder, user.uid, user.gid)
    return await startIn({ folder, programs, user })
  } catch (error) {
    rmSync(folder, { recursive: true, force: true })
    throw error
  }
}

async function startIn(where: { folder: string; programs: string; user: User | undefined }): Promise<PostgresCluster> {
  const { folder, programs, user } = where
  const data = join(folder, 'data')
  const asUser = { ...user, cwd: folder }
  const program = (name: string) => join(programs, name)
  await run(program('initdb'), ['-D', data, '-U', OWNER, '-A', 'trust', '-E', 'UTF8', '--no-sync'], asUser)
  const port = await freePort()
  // The socket of a second server in the usual folder would be in the way of the first one.
  const listen = ['-c', 'listen_addresses=127.0.0.1', '-p', String(port), '-k', folder]
  const server = await superviseChild(program('postgres'), ['-D', data, ...listen], {
    cwd: folder,
    ...(user === undefined ? {} : { user }),
  })
  const address = ['-h', '127.0.0.1', '-p', String(port), '-U', OWNER]
  try {
    await untilReady(server, () => run(program('createdb'), [...address, 'ready'], asUser))
  } catch (error) {
    await end(server)
    throw error
  }
  let made = 0
  return {
    version: postgresVersion(programs),
    pid: server.pid,
    async createDatabase() {
      made += 1
      const name = `bench_${made}`
      await run(program('createdb'), [...address, name], asUser)
      return {
        url: `postgres://${OWNER}@127.0.0.1:${port}/${name}`,
        drop: async () => void (await run(program('dropdb'), [...address, '--force', name], asUser)),
      }
    },
    async close() {
      await end(server)
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function untilReady(server: SupervisedChild, attempt: () => Promise<unknown>): Promise<void> {
  const deadline = performance.now() + START_DEADLINE_MS
  for (;;) {
    try {
      await attempt()
      return
    } catch (error) {
      if (!server.hasExited() && performance.now() < deadline) await pause(POLL_MS)
      else throw new Error(`PostgreSQL did not start: ${server.lastLines().join('; ') || (error as Error).message}`)
    }
  }
}

/** At once: SIGQUIT waits for nobody, and the data are thrown away. */
async function end(server: SupervisedChild): Promise<void> {
  server.kill('SIGQUIT')
  await server.stop()
}

/** PostgreSQL refuses to run as root. `undefined`: this process is not root. */
function unprivilegedUser(): User | undefined {
  if (process.getuid?.() !== 0) return undefined
  for (const name of ['postgres', 'nobody']) {
    try {
      const id = (flag: string) => Number(execFileSync('id', [flag, name], { encoding: 'utf8', stdio: 'pipe' }))
      return { uid: id('-u'), gid: id('-g') }
    } catch {
      // There is no such user here.
    }
  }
  throw new Error('PostgreSQL refuses to run as root, and there is neither a user postgres nor nobody')
}
