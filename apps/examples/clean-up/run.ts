import { utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { app, cleanUp } from './tasks.ts'

const folder = process.env.EXAMPLE_FOLDER ?? 'tmp'
const yesterday = new Date(Date.now() - 86_400_000)
for (const [name, old] of [
  ['old.tmp', true],
  ['older.tmp', true],
  ['new.tmp', false],
] as const) {
  await writeFile(join(folder, name), '')
  if (old) await utimes(join(folder, name), yesterday, yesterday)
}

// The worker stores the schedule of its code when it starts.
while ((await app.monitor.schedules()).length === 0) await pause(20)
const [nightly] = await app.monitor.schedules()
console.log(nightly?.name, nightly?.state)

// Tonight's run, now.
const { id } = await app.control.schedules.run('nightly-clean-up')
const { removed } = await cleanUp.job(id).result({ timeout: '10s' })
console.log('removed', removed.join(' '))
await app.close()
