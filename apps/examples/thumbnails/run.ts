import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { group } from 'millrace'
import { PNG } from 'pngjs'
import { app, publish, shrink } from './tasks.ts'

const folder = process.env.EXAMPLE_FOLDER ?? 'tmp'
const picture = new PNG({ width: 400, height: 300 })
for (let at = 0; at < picture.data.length; at += 4) picture.data.set([at % 256, (at >> 8) % 256, 128, 255], at)
const path = join(folder, 'picture.png')
await writeFile(path, PNG.sync.write(picture))

const sizes = [200, 100, 50].map((width) => shrink.with({ path, width }))
const published = await group(sizes).pipe(publish).enqueue()
console.log('published', await published.result({ timeout: '20s' }))

await writeFile(join(folder, 'notes.png'), 'not a picture')
const broken = await shrink.enqueue({ path: join(folder, 'notes.png'), width: 50 })
const outcome = await broken.outcome({ timeout: '10s' })
if (outcome.state === 'failed') console.log('failed', outcome.error.message, 'after', outcome.error.attempts, 'attempt')
await app.close()
