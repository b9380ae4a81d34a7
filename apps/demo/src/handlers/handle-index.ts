import { setTimeout as sleep } from 'node:timers/promises'
import { readDocument } from '../corpus/read-document.js'
import { indexText, writePartial } from '../index/partial-index.js'
import { INDEX_ATTEMPTS, index } from '../tasks.js'

index.handle(async ({ doc, file, parts, paceMs }, ctx) => {
  const executions = { attempts: ctx.attempt, crashes: ctx.crashes }
  if (paceMs > 0) await sleep(paceMs, undefined, { signal: ctx.signal })
  const reading = await readDocument(file)
  if ('obstacle' in reading) {
    const { obstacle, passing, detail } = reading
    // Thrown, so that the policy decides when to look again.
    if (passing && ctx.attempt < INDEX_ATTEMPTS) throw new Error(`${obstacle}: ${detail}`)
    return { outcome: 'skipped', doc, reason: obstacle, ...executions }
  }
  const partial = indexText(doc, reading.text)
  const path = await writePartial(parts, partial)
  return { outcome: 'indexed', doc, partial: path, words: partial.length, bytes: reading.bytes, ...executions }
})
