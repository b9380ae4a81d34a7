import { expectTypeOf, test } from 'vitest'
import type { Jsonify } from './jsonify.js'

interface Row {
  id: number
  name?: string
  note: string | undefined
  at: Date
}

test('Jsonify', () => {
  expectTypeOf<Jsonify<string>>().toEqualTypeOf<string>()
  expectTypeOf<Jsonify<void>>().toEqualTypeOf<null>()
  expectTypeOf<Jsonify<undefined>>().toEqualTypeOf<null>()
  expectTypeOf<Jsonify<unknown>>().toEqualTypeOf<unknown>()
  expectTypeOf<Jsonify<'a' | 1 | undefined>>().toEqualTypeOf<'a' | 1 | null>()
  expectTypeOf<Jsonify<bigint>>().toEqualTypeOf<never>()
  expectTypeOf<Jsonify<Date>>().toEqualTypeOf<never>()
  expectTypeOf<Jsonify<Map<string, number>>>().toEqualTypeOf<never>()
  expectTypeOf<Jsonify<readonly [1, 'a']>>().toEqualTypeOf<[1, 'a']>()
  expectTypeOf<Jsonify<Row>>().toEqualTypeOf<{ id: number; name?: string; note?: string; at: never }>()
  expectTypeOf<Jsonify<{ a: { b: undefined | 1 }[] }>>().toEqualTypeOf<{ a: { b?: 1 }[] }>()
})
