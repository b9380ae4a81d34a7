import type { InferInput, InferOutput } from '@millrace/client'
import {
  checkName,
  declaredTasks,
  InvalidOptionError,
  type RetryRequest,
  type Schema,
  type TaskContext,
  type TaskOptions,
} from '@millrace/core'
import { checkLoader } from './check-loader.js'
import { ownLayer } from './class-layer.js'
import type { IsMarked } from './task-input.js'

// Before any decorated class: no engine has it yet, and without it compilers give decorators no metadata.
;(Symbol as { metadata: symbol }).metadata ??= Symbol.for('Symbol.metadata')

/** What a method must be: of the parsed input and the context, giving what the output schema takes. */
export type TaskMethod<This, I extends Schema | undefined, O extends Schema | undefined> = (
  this: This,
  input: I extends Schema ? InferOutput<I> : never,
  ctx: TaskContext,
) => O extends Schema ? InferInput<O> | RetryRequest | Promise<InferInput<O> | RetryRequest> : unknown

/** `unknown`, or, where the schema's two sides differ and the method hides it from its callers, a type that nothing has. */
export type SaysWhatCallersGive<M, I extends Schema | undefined> = I extends Schema
  ? [InferOutput<I>] extends [InferInput<I>]
    ? unknown
    : IsMarked<FirstParameter<M>> extends true
      ? unknown
      : { readonly 'this schema transforms: annotate the parameter as TaskInput<typeof schema>': never }
  : unknown

/** The same for the output: `result()` gives what its schema gives, not what the method returns. */
export type SaysWhatReadersGet<M, O extends Schema | undefined> = O extends Schema
  ? [InferInput<O>] extends [InferOutput<O>]
    ? NoMoreThan<Settled<M>, InferInput<O>>
    : IsMarked<Settled<M>> extends true
      ? unknown
      : { readonly 'this schema transforms: annotate the return type as Promise<TaskOutput<typeof schema>>': never }
  : unknown

type NoMoreThan<Returned, Wanted> = Returned extends readonly unknown[]
  ? unknown
  : Wanted extends object
    ? [Exclude<keyof Returned, keyof Wanted>] extends [never]
      ? unknown
      : { readonly 'the output schema would drop these properties': Exclude<keyof Returned, keyof Wanted> }
    : unknown

type FirstParameter<M> = M extends (input: infer P, ...rest: never[]) => unknown ? P : never
type Settled<M> = M extends (...args: never[]) => infer R ? Exclude<Awaited<R>, RetryRequest> : never

/** Decorates a public method that is named by a string. */
export type TaskDecorator<I extends Schema | undefined, O extends Schema | undefined> = <
  This extends object,
  M extends TaskMethod<This, I, O>,
>(
  method: M & SaysWhatCallersGive<M, I> & SaysWhatReadersGet<M, O>,
  context: ClassMethodDecoratorContext<This, M> & { readonly static: false; readonly private: false },
) => void

/**
 * Makes a method a task of the wire name given, once `app.register` has an instance of its class. The class needs `@tasks`. Options as
 * `app.define` takes them; they are checked by `register`.
 * Throws `InvalidNameError`; `InvalidOptionError` for what is no public method, and under TypeScript's experimentalDecorators.
 */
export function task<I extends Schema | undefined = undefined, O extends Schema | undefined = undefined>(
  name: string,
  options?: TaskOptions<I, O>,
): TaskDecorator<I, O> {
  if (typeof name === 'function') {
    throw new InvalidOptionError({ option: '@task', found: name, expected: "a wire name: @task('mail.welcome')" })
  }
  checkName('task', name)
  return (_method, context) => {
    checkLoader(context)
    const method = checkMethod(name, context as ClassMemberDecoratorContext)
    ownLayer(context.metadata, '@task').methods.set(method, declared(name, method, options))
  }
}

function declared(name: string, method: string, options: TaskOptions | undefined) {
  if (!declaredTasks().get(name)?.registered) {
    declaredTasks().set(name, { className: undefined, method, registered: false })
  }
  return { name, options: options ?? {} }
}

function checkMethod(task: string, context: ClassMemberDecoratorContext): string {
  const { kind, name, static: isStatic, private: isPrivate } = context
  const found = `${isStatic ? 'static ' : ''}${isPrivate ? 'private ' : ''}${kind} ${String(name)}`
  const refuse = (expected: string) => new InvalidOptionError({ option: `@task('${task}')`, found, expected })
  if (kind !== 'method') throw refuse('a method: write it as name(input, ctx) { … }')
  if (isStatic) throw refuse('a method of instances: remove static')
  if (isPrivate) throw refuse('a public method: remove the #, and keep what is private in fields and other methods')
  if (typeof name === 'symbol') throw refuse('a method with a plain name')
  return name
}
