import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Fatal } from 'millrace'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type DifficultDocuments, makeDifficultDocuments } from '../corpus/difficult-documents.js'
import type { DocumentRef } from '../corpus/document-ref.js'
import { indexDirectly } from '../index/direct-index.js'
import { checksumOf, readIndex } from '../index/index-file.js'
import { check, INDEX_ATTEMPTS, index, merge, scan } from '../tasks.js'
import './handle-check.js'
import './handle-index.js'
import './handle-merge.js'
import './handle-scan.js'

let folder: string
let parts: string
let difficult: DifficultDocuments

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'millrace-demo-handlers-'))
  parts = join(folder, 'parts')
  for (const name of ['parts', 'corpus/sub']) mkdirSync(join(folder, name), { recursive: true })
  difficult = await makeDifficultDocuments(join(folder, 'difficult'))
  for (const [name, text] of Object.entries({
    'a.md': 'one two two Straße',
    'sub/b.md': 'two three constructor __proto__ 10 9',
    'sub/LICENSE': 'Permission to use, copy, modify',
    'the.txt': 'the and of',
  })) {
    writeFileSync(join(folder, 'corpus', name), text)
  }
})

afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

async function scanned(): Promise<DocumentRef[]> {
  const { manifest } = await scan.run({ folder: join(folder, 'corpus'), manifest: join(folder, 'manifest.json') })
  return JSON.parse(readFileSync(manifest, 'utf8')) as DocumentRef[]
}

describe('scan, index and merge', () => {
  test('make the same index as one made without them, byte for byte, in whatever order the jobs end', async () => {
    await difficult.finishLate()
    const documents = [...(await scanned()), ...difficult.late, ...difficult.hostile]
    const ctx = { attempt: INDEX_ATTEMPTS }
    const results = []
    for (const document of [...documents].reverse())
      results.push(await index.run({ ...document, parts, paceMs: 0 }, { ctx }))
    const merged = await merge.run({ target: join(folder, 'index.json'), results })

    const direct = await indexDirectly(documents)
    expect(merged.checksum).toBe(checksumOf(direct))
    const { checksum, ...queued } = await readIndex(merged.target)
    expect(queued).toEqual(direct)
    expect(checksum).toBe(merged.checksum)
    expect(merged).toMatchObject({
      documents: 4 + difficult.late.length,
      skipped: { 'bad-encoding': 1, empty: 1, missing: 1, 'not-a-file': 1, 'too-large': 1, unreadable: 1 },
      retried: documents.length,
      recovered: 0,
    })
  })

  test('index writes the same file when it runs again, and leaves no draft', async () => {
    const [document] = (await scanned()) as [DocumentRef]
    const first = await index.run({ ...document, parts, paceMs: 0 })
    const second = await index.run({ ...document, parts, paceMs: 0 }, { ctx: { attempt: 2, crashes: 1 } })
    expect(second).toEqual({ ...first, attempts: 2, crashes: 1 })
    expect(readdirSync(parts)).toHaveLength(1)
  })

  test('index throws what may pass, so that it is retried, and skips at the last attempt', async () => {
    const [late] = difficult.late as [DocumentRef]
    await expect(index.run({ ...late, parts, paceMs: 0 })).rejects.toThrow('locked')
    expect(await index.run({ ...late, parts, paceMs: 0 }, { ctx: { attempt: INDEX_ATTEMPTS } })).toMatchObject({
      outcome: 'skipped',
      reason: 'locked',
    })
  })

  test('merge of nothing is an empty index', async () => {
    expect(await merge.run({ target: join(folder, 'index.json'), results: [] })).toMatchObject({
      documents: 0,
      words: 0,
    })
  })
})

describe('check', () => {
  test('fails at once for what stays, with the reason, and with an ordinary error for what may pass', async () => {
    for (const { doc, file } of difficult.hostile) {
      const error = await check.run({ doc, file }).then(
        () => undefined,
        (thrown: unknown) => thrown,
      )
      expect(error).toBeInstanceOf(Error)
      expect([doc, error instanceof Fatal]).toEqual([doc, !doc.includes('dangling')])
    }
  })
})
