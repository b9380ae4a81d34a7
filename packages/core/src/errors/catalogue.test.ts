import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { ERROR_CATALOGUE } from './catalogue.js'

const page = readFileSync(new URL('../../../../docs/ERRORS.md', import.meta.url), 'utf8')
const rows = page
  .split('\n')
  .filter((line) => line.startsWith('| `'))
  .map((line) => line.split('|').map((cell) => cell.trim()))

describe('docs/ERRORS.md', () => {
  test('names exactly the codes of the catalogue, each once', () => {
    expect(rows.map((cells) => cells[1]).sort()).toEqual(
      Object.keys(ERROR_CATALOGUE)
        .map((code) => `\`${code}\``)
        .sort(),
    )
  })

  test.each(Object.entries(ERROR_CATALOGUE))('says of %s what the catalogue says', (code, entry) => {
    const cells = rows.find((row) => row[1] === `\`${code}\``)
    expect(cells?.slice(3, 6)).toEqual([entry.retryable ? 'yes' : 'no', entry.summary, entry.fix])
  })
})
