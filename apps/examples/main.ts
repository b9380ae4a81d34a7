import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { runExample } from './runner/run-example.ts'

const features = readdirSync(import.meta.dirname, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && existsSync(join(import.meta.dirname, entry.name, 'run.ts')))
  .map(({ name }) => name)
const [feature] = process.argv.slice(2)

if (feature === undefined || !features.includes(feature)) {
  console.error(`usage: node ${join('apps', 'examples', 'main.ts')} EXAMPLE\nexamples: ${features.join(', ')}`)
  process.exitCode = 2
} else {
  const stop = new AbortController()
  process.once('SIGINT', () => stop.abort())
  await runExample(feature, { onLine: console.log, signal: stop.signal }).catch((error: Error) => {
    console.error(error.message)
    process.exitCode = 1
  })
}
