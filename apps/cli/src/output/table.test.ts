import { expect, test } from 'vitest'
import { type Column, table } from './table.js'

interface Row {
  readonly name: string
  readonly count: number
}

const COLUMNS: readonly Column<Row>[] = [
  { title: 'NAME', value: (row) => row.name, flexible: true },
  { title: 'COUNT', value: (row) => row.count, align: 'right' },
]

test('aligns texts left and numbers right', () => {
  const rows = [
    { name: 'mail', count: 3 },
    { name: 'a-longer-name', count: 12_345 },
  ]
  expect(table(rows, COLUMNS)).toBe('NAME           COUNT\nmail               3\na-longer-name  12345')
})

test('cuts flexible columns to the width, and only then', () => {
  const rows = [{ name: 'x'.repeat(100), count: 1 }]
  const cut = table(rows, COLUMNS, 30).split('\n')
  expect(cut.map((line) => line.length)).toEqual([30, 30])
  expect(cut[1]).toBe(`${'x'.repeat(22)}…      1`)
  expect(table(rows, COLUMNS).split('\n')[1]).toContain('x'.repeat(100))
})

test('stays readable where nothing more can be cut', () => {
  const line = table([{ name: 'abcdefghij', count: 1 }], COLUMNS, 4).split('\n')[1]
  expect(line).toBe('abcdefg…      1')
})

test('what jobs carry does not steer the terminal', () => {
  const text = table([{ name: '\u001b[31mred\u0007\nnext', count: 1 }], COLUMNS)
  for (const control of ['\u001b', '\u0007']) expect(text).not.toContain(control)
  expect(table([{ name: 'a\nb', count: 1 }], COLUMNS).split('\n')).toHaveLength(2)
})

test('counts characters, not code units', () => {
  const rows = [
    { name: '💡💡', count: 1 },
    { name: 'abcd', count: 2 },
  ]
  expect(table(rows, COLUMNS).split('\n')[1]).toBe('💡💡        1')
})
