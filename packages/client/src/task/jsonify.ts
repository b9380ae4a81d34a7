/**
 * What a value is after it went through JSON. `never` for what Millrace refuses to store
 * (bigint, symbol, functions, Date, Map, Set); `undefined` at the root becomes `null`, as a property it is dropped.
 */
export type Jsonify<T> = unknown extends T
  ? unknown
  : T extends string | number | boolean | null
    ? T
    : // biome-ignore lint/suspicious/noConfusingVoidType: a handler that returns nothing has the type void.
      T extends undefined | void
      ? null
      : T extends Refused
        ? never
        : T extends readonly unknown[]
          ? { -readonly [K in keyof T]: Jsonify<T[K]> }
          : T extends object
            ? JsonifyObject<T>
            : never

type Refused =
  | bigint
  | symbol
  | Date
  | RegExp
  | Error
  | ReadonlyMap<unknown, unknown>
  | ReadonlySet<unknown>
  | ((...args: never[]) => unknown)

type JsonifyObject<T> = Flat<
  { -readonly [K in keyof T as Stays<K, T[K]>]: Jsonify<T[K]> } & {
    -readonly [K in keyof T as MayBeDropped<K, T[K]>]?: Jsonify<Exclude<T[K], undefined>>
  }
>

type Stays<K, V> = K extends symbol ? never : unknown extends V ? K : undefined extends V ? never : K
type MayBeDropped<K, V> = K extends symbol ? never : unknown extends V ? never : undefined extends V ? K : never

type Flat<T> = { [K in keyof T]: T[K] }
