import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { serveDashboard } from '@millrace/dashboard'
import { startRedisServer } from '@millrace/embedded'
import type * as sceneTasks from './scene-tasks.ts'
import { sceneUsers } from './scene-users.ts'

export interface Scene {
  /** Where the dashboard is served. */
  readonly url: string
  readonly tasks: typeof sceneTasks
  /** A path in the scene's folder, where there is nothing yet. */
  file(name: string): string
  /** Puts a file there: what handlers wait for. */
  allow(path: string): void
  startWorker(): Promise<ChildProcess>
  stop(): Promise<void>
}

/** A Redis, a worker process and a dashboard of their own, on free ports of the loopback. */
export async function startScene(): Promise<Scene> {
  const redis = await startRedisServer()
  const folder = mkdtempSync(join(tmpdir(), 'millrace-scene-'))
  process.env.MILLRACE_BROKER = redis.url
  // The module makes the app: it must see the address.
  const tasks = await import('./scene-tasks.ts')
  const workers: ChildProcess[] = []
  const server = await serveDashboard({
    app: tasks.app,
    host: '127.0.0.1',
    port: 0,
    users: await sceneUsers(),
    everyMs: 250,
  })
  return {
    url: server.url,
    tasks,
    file: (name) => join(folder, name),
    allow: (path) => writeFileSync(path, ''),
    async startWorker() {
      const worker = fork(join(import.meta.dirname, 'scene-worker.ts'), { silent: true })
      workers.push(worker)
      await Promise.race([once(worker, 'message'), failedStart(worker)])
      return worker
    },
    async stop() {
      await server.close()
      await tasks.app.close()
      await Promise.all(workers.map(endWorker))
      await redis.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function failedStart(worker: ChildProcess): Promise<never> {
  const said: string[] = []
  worker.stderr?.on('data', (text: Buffer) => said.push(text.toString()))
  await once(worker, 'exit')
  throw new Error(`the worker of the scene ended at its start: ${said.join('')}`)
}

async function endWorker(worker: ChildProcess): Promise<void> {
  if (worker.exitCode !== null || worker.signalCode !== null) return
  worker.kill('SIGKILL')
  await once(worker, 'exit')
}
