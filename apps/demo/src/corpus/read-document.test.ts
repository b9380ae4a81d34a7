import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { makeDifficultDocuments } from './difficult-documents.js'
import { readDocument } from './read-document.js'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'millrace-demo-read-'))
})

afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

test('reads UTF-8', async () => {
  writeFileSync(join(folder, 'a.md'), 'naïve')
  expect(await readDocument(join(folder, 'a.md'))).toEqual({ text: 'naïve', bytes: 6 })
})

test('names what stands in the way of each hostile document', async () => {
  const { hostile } = await makeDifficultDocuments(folder)
  const found: Record<string, unknown> = {}
  for (const { doc, file } of hostile) {
    const reading = await readDocument(file)
    found[doc.slice('(demo)/'.length)] = 'obstacle' in reading ? [reading.obstacle, reading.passing] : 'text'
  }
  expect(found).toEqual({
    'folder.md': ['not-a-file', false],
    'dangling.md': ['missing', true],
    'huge.md': ['too-large', false],
    'latin1.md': ['bad-encoding', false],
    'empty.md': ['empty', false],
    'closed.md': ['unreadable', false],
  })
})

test('finds late documents locked until their writer has finished', async () => {
  const { late, finishLate } = await makeDifficultDocuments(folder)
  expect(late.length).toBeGreaterThan(0)
  for (const { file } of late) expect(await readDocument(file)).toMatchObject({ obstacle: 'locked', passing: true })
  await finishLate()
  await finishLate()
  for (const { file } of late)
    expect(await readDocument(file)).toMatchObject({ text: expect.stringContaining('Permission') })
})
