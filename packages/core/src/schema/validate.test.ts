import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { pathText } from './path-text.js'
import { type Schema, validate } from './validate.js'

describe('validate', () => {
  const schema = z.object({ items: z.array(z.object({ price: z.number() })), at: z.string().default('now') })

  test('is synchronous where the schema is, and answers the parsed value', () => {
    expect(validate(schema, { items: [] })).toEqual({ ok: true, value: { items: [], at: 'now' } })
  })
  test('names the path of each issue', () => {
    const result = validate(schema, { items: [{ price: 1 }, { price: 'x' }] })
    expect(result).toMatchObject({ ok: false, issues: [{ path: 'items[1].price' }] })
  })
  test('waits for an asynchronous schema', async () => {
    const even = z.number().refine(async (value) => value % 2 === 0, 'must be even')
    const result = validate(even, 3)
    expect(result).toBeInstanceOf(Promise)
    expect(await result).toEqual({ ok: false, issues: [{ path: '', message: 'must be even' }] })
    expect(await validate(even, 4)).toEqual({ ok: true, value: 4 })
  })
  test('reads paths of segment objects', () => {
    const other: Schema = {
      '~standard': {
        version: 1,
        vendor: 'test',
        validate: () => ({ issues: [{ message: 'no', path: [{ key: 'a' }, { key: 0 }, 'b-c'] }] }),
      },
    }
    expect(validate(other, 1)).toEqual({ ok: false, issues: [{ path: 'a[0]["b-c"]', message: 'no' }] })
  })
})

test.each([
  [[], ''],
  [['a', 'b'], 'a.b'],
  [[0, 'a'], '[0].a'],
  [['x-id'], '["x-id"]'],
  [[Symbol('s')], '[Symbol(s)]'],
])('pathText %#', (segments, text) => expect(pathText(segments)).toBe(text))
