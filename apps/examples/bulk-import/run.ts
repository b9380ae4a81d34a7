import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { app, importFile } from './tasks.ts'

const path = join(process.env.EXAMPLE_FOLDER ?? 'tmp', 'customers.csv')
await writeFile(
  path,
  Array.from({ length: 5_000 }, (_, i) => (i % 1_000 === 999 ? `${i},` : `${i},Customer ${i}`)).join('\n'),
)

const job = await importFile.enqueue({ path })
for await (const progress of job.progress({ timeout: '20s' })) console.error(progress)
const { rows, refused } = await job.result({ timeout: '20s' })
console.log(rows, 'rows,', refused, 'refused')

const succeeded = async () =>
  (await app.monitor.queues()).find(({ queue }) => queue === 'customers')?.totals.succeeded ?? 0
while ((await succeeded()) < rows - refused) await pause(20)
console.log(await succeeded(), 'customers')
await app.close()
