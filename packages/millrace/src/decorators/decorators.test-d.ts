import { expectTypeOf, test } from 'vitest'
import { z } from 'zod'
import {
  createApp,
  group,
  type JobHandle,
  type TaskContext,
  type TaskInput,
  type TaskOutput,
  task,
  tasks,
} from '../index.js'

const app = createApp()
const Plain = z.object({ to: z.string(), name: z.string().default('you') })
const Dated = z.object({ at: z.string().transform((text) => new Date(text)) })
const Receipt = z.object({ id: z.string() })

@tasks({ queue: 'mail' })
class Mail {
  constructor(readonly from: string) {}

  @task('mail.welcome', { input: Plain, output: Receipt })
  async welcome({ to }: z.output<typeof Plain>, _ctx: TaskContext) {
    return { id: to }
  }

  @task('mail.remind', { input: Dated })
  async remind(input: TaskInput<typeof Dated>) {
    expectTypeOf(input.at).toEqualTypeOf<Date>()
    return { late: input.at.getTime(), note: undefined as string | undefined }
  }

  @task('mail.when', { output: Dated })
  async when(): Promise<TaskOutput<typeof Dated>> {
    return { at: '2030-01-01' }
  }

  @task('mail.later')
  async later(count: number, ctx: TaskContext) {
    return count > 1 ? ctx.retry() : count
  }

  @task('mail.silent')
  silent() {}

  @task('mail.read', { input: Receipt })
  read(input: { id: string }) {
    return input.id
  }

  three(_a: number, _b: number, _c: number) {}
  private hidden(): void {}
  protected kept() {
    this.hidden()
  }
}

const mail = app.register(new Mail('me'))

test('callers give what the schema takes, and read what it gives', async () => {
  expectTypeOf(mail.welcome.enqueue).parameter(0).toEqualTypeOf<{ to: string; name: string }>()
  expectTypeOf(await (await mail.welcome.enqueue({ to: 'a', name: 'b' })).result()).toEqualTypeOf<{ id: string }>()
  expectTypeOf(mail.remind.enqueue).parameter(0).toEqualTypeOf<{ at: string }>()
  expectTypeOf(await mail.remind.run({ at: '2030-01-01' })).toEqualTypeOf<{ late: number; note?: string }>()
  expectTypeOf(await mail.when.enqueue()).toEqualTypeOf<JobHandle<{ at: Date }>>()
  expectTypeOf(await mail.later.enqueue(1)).toEqualTypeOf<JobHandle<number>>()
  expectTypeOf(await mail.silent.run()).toEqualTypeOf<null>()
  // @ts-expect-error a Date is what the method gets, not what callers give
  void mail.remind.enqueue({ at: new Date() })
  // @ts-expect-error no such property
  void mail.welcome.enqueue({ to: 'a', name: 'b', cc: 'c' })
  // @ts-expect-error the method takes nothing
  void mail.silent.enqueue({})
  // Neither a method of three arguments, nor what is private or protected, nor properties.
  expectTypeOf<keyof typeof mail>().toEqualTypeOf<'welcome' | 'remind' | 'when' | 'later' | 'silent' | 'read'>()
})

test('workflows', async () => {
  const flow = mail.welcome.with({ to: 'a', name: 'b' }).pipe(mail.read)
  expectTypeOf(await flow.enqueue()).toEqualTypeOf<JobHandle<string>>()
  group([mail.read.with({ id: 'a' })])
  // @ts-expect-error remind gives no id
  mail.remind.with({ at: 'x' }).pipe(mail.read)
})

test('a method that does not fit its schema does not compile', () => {
  @tasks()
  class Wrong {
    // @ts-expect-error the schema gives an object
    @task('wrong.input', { input: Plain })
    input(_text: string) {}

    // @ts-expect-error the schema wants an id
    @task('wrong.output', { output: Receipt })
    output() {
      return { number: 1 }
    }

    // @ts-expect-error the schema would drop `extra`
    @task('wrong.extra', { output: Receipt })
    extra() {
      return { id: 'a', extra: 1 }
    }

    // @ts-expect-error the schema transforms: callers would be shown a Date
    @task('wrong.transform', { input: Dated })
    transform(_input: z.output<typeof Dated>) {}

    // @ts-expect-error the schema transforms: readers would be shown a string
    @task('wrong.read', { output: Dated })
    read() {
      return { at: 'x' }
    }

    // @ts-expect-error three arguments
    @task('wrong.three')
    three(_a: number, _b: TaskContext, _c: number) {}

    // @ts-expect-error the context comes second
    @task('wrong.second')
    second(_a: number, _b: number) {}

    // @ts-expect-error static
    @task('wrong.static')
    static still() {}

    // @ts-expect-error private
    @task('wrong.private')
    #own() {}

    // @ts-expect-error a getter
    @task('wrong.getter')
    get got() {
      return this.#own
    }

    // @ts-expect-error a field
    @task('wrong.field')
    field = () => {}

    // @ts-expect-error no such option
    @task('wrong.option', { quue: 'x' })
    option() {}
  }
  // @ts-expect-error no such default
  tasks({ quue: 'x' })
  // @ts-expect-error an instance, not the class
  app.register(Wrong)
  // @ts-expect-error a primitive
  app.register('x')
})

@tasks()
abstract class Base<T> {
  @task('base.one')
  one(input: number) {
    return this.made(input)
  }
  protected abstract made(input: number): T
}

class Derived extends Base<string> {
  protected made(input: number) {
    return String(input)
  }
}

test('inherited tasks', async () => {
  expectTypeOf(await app.register(new Derived()).one.run(1)).toEqualTypeOf<string>()
})
