import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { collectDocuments } from './collect-documents.js'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'millrace-demo-corpus-'))
})

afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

function put(...paths: string[]): void {
  for (const path of paths) {
    mkdirSync(join(folder, path, '..'), { recursive: true })
    writeFileSync(join(folder, path), 'text')
  }
}

async function docs(root = folder): Promise<string[]> {
  return (await collectDocuments(root)).documents.map(({ doc }) => doc)
}

test('finds Markdown, text and licenses at any depth, in the order of their names', async () => {
  put('b/README.md', 'a/z.txt', 'LICENSE', 'b/LICENCE-MIT', 'b/COPYING.LESSER', 'b.markdown', 'Ä/notes.md', 'unlicense')
  expect(await docs()).toEqual([
    'LICENSE',
    'a/z.txt',
    'b.markdown',
    'b/COPYING.LESSER',
    'b/LICENCE-MIT',
    'b/README.md',
    'unlicense',
    'Ä/notes.md',
  ])
})

test('passes over programs and data, also those called like a license, and over .git and .millrace', async () => {
  put('index.js', 'license.js', 'notice.d.ts', 'readme.html', 'licenses', 'a.mdb', '.git/x.md', '.millrace/demo/y.md')
  expect(await docs()).toEqual([])
})

test('follows no symlink below the folder, so that nothing is met twice and no walk is endless', async () => {
  put('real/a.md')
  symlinkSync('real', join(folder, 'again'))
  symlinkSync('..', join(folder, 'real', 'up'))
  symlinkSync('a.md', join(folder, 'real', 'b.md'))
  expect(await docs()).toEqual(['real/a.md'])
})

test('takes the folder itself by a symlink, and gives real paths', async () => {
  put('real/a.md')
  symlinkSync('real', join(folder, 'again'))
  const { documents } = await collectDocuments(join(folder, 'again'))
  expect(documents).toEqual([{ doc: 'a.md', file: expect.stringMatching(/\/real\/a\.md$/) }])
})

test('rejects when the folder is not there', async () => {
  await expect(collectDocuments(join(folder, 'nowhere'))).rejects.toThrow('ENOENT')
})
