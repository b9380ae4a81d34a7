/** A static part of an input: some of its properties where it is an object, else the whole of it. */
export type Part<Input> = Input extends readonly unknown[] ? Input : Input extends object ? Partial<Input> : Input

/** Stands for "no static part". */
export interface NoPart {
  readonly '~no part': true
}

/** What a group gives: its outputs, in order. */
export interface Collected<Outputs> {
  readonly '~outputs': Outputs
}

/** Refuses properties that the input does not have. */
export type NoExtra<S, Input> = unknown extends Input
  ? unknown
  : S extends object
    ? { readonly [K in Exclude<keyof S, AllKeys<Input>>]: never }
    : unknown

/** What a step receives from upstream, merged with its static part as the worker merges them. */
export type Merged<Given, S> = [S] extends [NoPart]
  ? Given extends Collected<infer Outputs>
    ? Outputs
    : Given
  : unknown extends Given
    ? unknown
    : Given extends Collected<infer Outputs>
      ? Flat<S & { results: Outputs }>
      : Given extends readonly unknown[]
        ? NotMergeable<Given>
        : Given extends object
          ? Flat<Omit<Given, keyof S> & S>
          : NotMergeable<Given>

/** `unknown` where what a step receives fits what it wants, else a type that nothing has. */
export type Fits<Received, Wanted> = [Loose<Received>] extends [Wanted] ? unknown : Misfit<Received, Wanted>

/** The error that a misfit shows at the place of the link. */
export interface Misfit<Received, Wanted> {
  readonly 'what comes from upstream does not fit the next input': {
    readonly received: Received
    readonly wanted: Wanted
  }
}

interface NotMergeable<Given> {
  readonly 'only an object can be merged with a static part': Given
}

type AllKeys<T> = T extends unknown ? keyof T : never
type Flat<T> = { [K in keyof T]: T[K] }

/** What a task without an output schema gives is not known to the compiler: it is checked when the step runs. */
type Loose<T> = unknown extends T
  ? never
  : T extends readonly unknown[]
    ? { [K in keyof T]: Loose<T[K]> }
    : T extends { results: infer R extends readonly unknown[] }
      ? Omit<T, 'results'> & { results: Loose<R> }
      : T
