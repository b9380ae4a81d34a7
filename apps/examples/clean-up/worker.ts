import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { app, cleanUp } from './tasks.ts'

cleanUp.handle(async ({ folder, olderThanMs }, ctx) => {
  const removed: string[] = []
  for (const name of (await readdir(folder)).filter((each) => each.endsWith('.tmp'))) {
    // A worker that stops gives the job back; what is left is left for the next run.
    ctx.signal.throwIfAborted()
    const { mtimeMs } = await stat(join(folder, name))
    if (Date.now() - mtimeMs < olderThanMs) continue
    await rm(join(folder, name))
    removed.push(name)
  }
  return { removed: removed.sort() }
})

export { app }
