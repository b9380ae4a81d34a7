import { mkdir, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { isAlive } from '../processes/is-alive.js'

/** Where the demo keeps its files. */
export interface DemoHome {
  /** Names this run. */
  readonly run: string
  /** Everything of this run: manifest, partial indexes, difficult documents. */
  readonly folder: string
  readonly parts: string
  readonly manifest: string
  /** Stays after the run. */
  readonly lastIndex: string
  /** Where a Redis of ours keeps its data. */
  readonly redis: string
  /** Removes the run's files. Safe to repeat. */
  remove(): Promise<void>
}

/** Opens a run folder of its own below `home` (`.millrace`), and removes those that killed runs have left. */
export async function openDemoHome(home: string): Promise<DemoHome> {
  const demo = join(home, 'demo')
  await mkdir(demo, { recursive: true })
  await removeOrphans(demo)
  const run = `run-${Date.now().toString(36)}-${process.pid}`
  const folder = join(demo, run)
  const parts = join(folder, 'parts')
  await mkdir(parts, { recursive: true })
  return {
    run,
    folder,
    parts,
    manifest: join(folder, 'manifest.json'),
    lastIndex: join(demo, 'index.json'),
    redis: join(demo, 'redis'),
    remove: () => rm(folder, { recursive: true, force: true }),
  }
}

async function removeOrphans(demo: string): Promise<void> {
  for (const name of await readdir(demo)) {
    const pid = /^run-[0-9a-z]+-(\d+)$/.exec(name)?.[1]
    if (pid !== undefined && !isAlive(Number(pid))) await rm(join(demo, name), { recursive: true, force: true })
  }
}
