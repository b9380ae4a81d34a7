import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { checkSnippets } from './snippets.mjs'

let root

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'millrace-snippets-'))
  mkdirSync(join(root, 'code'))
  writeFileSync(
    join(root, 'code/a.ts'),
    [
      'const a = 1',
      'function f() {',
      '  // #region inner',
      '  if (a) {',
      '    g()',
      '  }',
      '  // #endregion',
      '}',
      '',
    ].join('\n'),
  )
})

afterEach(() => rmSync(root, { recursive: true, force: true }))

function page(mark, ...code) {
  writeFileSync(join(root, 'README.md'), ['# Page', '', mark, '', '```ts', ...code, '```', '', 'After.', ''].join('\n'))
}

it('takes a region without its indentation, and a whole file without the marks', () => {
  page('<!-- from code/a.ts#inner -->', 'if (a) {', '  g()', '}')
  expect(checkSnippets(root)).toEqual({ problems: [], blocks: 1 })
  page('<!-- from code/a.ts -->', 'const a = 1', 'function f() {', '  if (a) {', '    g()', '  }', '}')
  expect(checkSnippets(root)).toEqual({ problems: [], blocks: 1 })
})

it('says where a block differs, and writes it when told to', () => {
  page('<!-- from code/a.ts#inner -->', 'if (a) {', '  h()', '}')
  expect(checkSnippets(root).problems).toEqual([
    'README.md:3: differs from code/a.ts#inner at its line 2: run node scripts/snippets.mjs --write',
  ])
  expect(checkSnippets(root, true).problems).toEqual([])
  expect(checkSnippets(root).problems).toEqual([])
  expect(readFileSync(join(root, 'README.md'), 'utf8')).toBe(
    '# Page\n\n<!-- from code/a.ts#inner -->\n\n```ts\nif (a) {\n  g()\n}\n```\n\nAfter.\n',
  )
})

it.each([
  ['<!-- from code/b.ts -->', 'code/b.ts does not exist'],
  ['<!-- from code/a.ts#outer -->', 'code/a.ts has no region outer'],
])('%s is refused', (mark, message) => {
  page(mark, 'x')
  expect(checkSnippets(root).problems).toEqual([`README.md:3: ${message}`])
})

it('a mark without a block is refused', () => {
  writeFileSync(join(root, 'README.md'), '<!-- from code/a.ts -->\n\ntext\n')
  expect(checkSnippets(root).problems).toEqual(['README.md:1: no fenced block follows'])
})
