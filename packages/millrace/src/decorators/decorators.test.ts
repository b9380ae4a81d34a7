import { pino } from 'pino'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { createApp, Fatal, InvalidOptionError, type TaskContext, task, tasks } from '../index.js'
import { warnUnregistered } from './warn-unregistered.js'

const silent = pino({ level: 'silent' })
const Welcome = z.object({ to: z.email(), name: z.string().default('you') })

@tasks({ queue: 'mail', retry: { attempts: 8 } })
class Mail {
  readonly #sent: string[] = []
  private prefix = 'Dear'

  @task('mail.welcome', { input: Welcome, retry: { backoff: { kind: 'fixed', delay: '1s' } } })
  async welcome({ to, name }: z.output<typeof Welcome>, ctx: TaskContext) {
    this.#sent.push(to)
    return { line: this.greet(name), attempt: ctx.attempt }
  }

  @task('mail.count')
  count() {
    return this.#sent.length
  }

  greet(name: string): string {
    return `${this.prefix} ${name}`
  }
}

describe('a registered instance', () => {
  it('has a typed task per decorated method, with its own state and private parts', async () => {
    const app = createApp()
    const mail = app.register(new Mail())
    expect(await mail.welcome.run({ to: 'ada@example.com', name: 'Ada' })).toEqual({ line: 'Dear Ada', attempt: 1 })
    expect(await mail.count.run()).toBe(1)
    expect(await app.register(new (class extends Other {})()).ping.run()).toBe('pong')
    expect(app.registry.names()).toEqual(['mail.welcome', 'mail.count', 'other.ping'])
  })

  it('takes the policy of the app, the class and the method, the nearest first', () => {
    const app = createApp({ defaults: { timeout: '5s', queue: 'slow', retry: { when: () => false } } })
    const { policy } = app.register(new Mail()).welcome.definition
    expect(policy).toMatchObject({ queue: 'mail', attempts: 8, timeoutMs: 5_000, backoff: { kind: 'fixed' } })
    expect(policy.when?.(new Error())).toBe(false)
  })

  it('leaves other methods what they are: no tasks', () => {
    const app = createApp()
    const mail = app.register(new Mail())
    expect(Object.keys(mail)).toEqual(['welcome', 'count'])
    // The compiler cannot see decorators: greet has the form of a task.
    expect(() => mail.greet).toThrow(/Mail\.greet: found "a method without @task"/)
    expect(app.registry.definition('greet')).toBeUndefined()
  })

  it('runs in a worker like any task', async () => {
    const { createWorker } = await import('../worker.js')
    await using app = createApp({ name: 'decorated', broker: 'memory://', logger: silent })
    const mail = app.register(new Mail())
    await using worker = createWorker(app)
    await worker.start()
    const job = await mail.welcome.enqueue({ to: 'ada@example.com', name: 'Ada' })
    expect(await job.outcome({ timeout: '30s' })).toMatchObject({ state: 'succeeded' })
    expect(await mail.count.run()).toBe(1)
  })
})

@tasks()
class Other {
  @task('other.ping')
  ping() {
    return this.word()
  }

  protected word() {
    return 'pong'
  }
}

describe('a subclass', () => {
  @tasks({ queue: 'loud' })
  class Louder extends Mail {
    override greet(name: string) {
      return super.greet(name).toUpperCase()
    }

    @task('mail.shout')
    async shout(name: string) {
      return this.greet(name)
    }
  }

  it('has the tasks of its ancestors beside its own, its own defaults first', async () => {
    const louder = createApp().register(new Louder())
    expect(await louder.shout.run('Ada')).toBe('DEAR ADA')
    expect((await louder.welcome.run({ to: 'a@example.com', name: 'Bo' })).line).toBe('DEAR BO')
    expect(louder.welcome.definition.policy).toMatchObject({ queue: 'loud', attempts: 8 })
  })

  it('may replace a task, and run another method under the same name', async () => {
    @tasks()
    class Quiet extends Other {
      @task('other.whisper')
      override ping() {
        return 'psst'
      }
    }
    class Plain extends Other {
      override ping() {
        return 'plain'
      }
    }
    const app = createApp()
    expect(await app.register(new Quiet()).ping.run()).toBe('psst')
    expect(app.registry.names()).toEqual(['other.whisper'])
    expect(await createApp().register(new Plain()).ping.run()).toBe('plain')
  })
})

describe('mistakes', () => {
  const refused = (make: () => unknown, message: RegExp) => {
    expect(make).toThrow(InvalidOptionError)
    expect(make).toThrow(message)
  }

  it('registering twice, or a name that is taken, adds nothing', () => {
    const app = createApp()
    app.define('mail.count')
    refused(() => app.register(new Mail()), /register: found "Mail", expected task names that are free: .*mail\.count/)
    expect(app.registry.names()).toEqual(['mail.count'])
    const second = createApp()
    second.register(new Mail())
    refused(() => second.register(new Mail()), /the app has mail\.welcome already/)
  })

  it('two methods of one name', () => {
    refused(() => {
      @tasks()
      class Twice {
        @task('twice')
        a() {}
        @task('twice')
        b() {}
      }
      return Twice
    }, /@task\('twice'\): found "Twice\.b", .*Twice\.a has this one/)
  })

  it('a class without @tasks, without @task, the class itself, no instance', () => {
    class Bare {
      @task('bare.a')
      a() {}
    }
    refused(() => createApp().register(new Bare()), /found "Bare", expected @tasks\(\) above the class that declares a/)
    @tasks()
    class Empty {}
    refused(() => createApp().register(new Empty()), /at least one method with @task/)
    refused(() => createApp().register(Mail as never), /an instance: app\.register\(new Mail\(…\)\)/)
    refused(() => createApp().register(null as never), /an instance of a class with @tasks/)
  })

  it('what is no public method', () => {
    const decorator = task('x') as (value: unknown, context: unknown) => void
    const context = { kind: 'method', name: 'a', static: false, private: false, metadata: {} }
    const given = (change: object) => () => decorator(() => {}, { ...context, ...change })
    refused(given({ static: true }), /@task\('x'\): found "static method a", expected a method of instances/)
    refused(given({ private: true, name: '#a' }), /found "private method #a", expected a public method/)
    refused(given({ kind: 'getter' }), /found "getter a", expected a method/)
    refused(given({ kind: 'field' }), /found "field a"/)
    refused(given({ kind: 'accessor' }), /found "accessor a"/)
    refused(given({ name: Symbol('a') }), /a plain name/)
    refused(given({ metadata: undefined }), /docs\/DECORATORS\.md/)
  })

  it('bad names and options', () => {
    expect(() => task('not a name')).toThrow(/"not a name" is no valid task name/)
    refused(() => task((() => {}) as never), /a wire name: @task\('mail\.welcome'\)/)
    refused(() => tasks(class {} as never), /a call: @tasks\(\)/)
    refused(() => tasks({ queu: 'x' } as never), /Did you mean "queue"/)
    @tasks()
    class Typo {
      @task('typo.a', { timeuot: '5s' } as never)
      a() {}
    }
    refused(() => createApp().register(new Typo()), /typo\.a\.timeuot.*Did you mean "timeout"/)
  })

  it('older decorators are recognised by what they are called with', () => {
    const legacyMethod = task('legacy') as unknown as (target: object, key: string, descriptor: object) => void
    refused(() => legacyMethod({}, 'a', {}), /experimentalDecorators: found true.*remove experimentalDecorators/)
    const legacyClass = tasks() as unknown as (decorated: unknown) => void
    refused(() => legacyClass(class {}), /remove experimentalDecorators/)
  })
})

describe('a class that was not registered', () => {
  it('is named wherever its task is looked for', () => {
    @tasks()
    class Forgotten {
      @task('forgotten.one')
      one() {}
    }
    const app = createApp()
    const message =
      /"forgotten\.one" is registered here\. The class Forgotten declares it \(one\).*app\.register\(new Forgotten/
    expect(() => app.job('forgotten.one', 'id')).toThrow(message)
    const lines: string[] = []
    warnUnregistered({ warn: (_fields: object, text?: string) => lines.push(text ?? '') })
    expect(lines.filter((line) => line.includes('Forgotten'))).toEqual([
      'The class Forgotten declares it (one), but is not registered: call app.register(new Forgotten(…)) in a module that this process loads.',
    ])
    app.register(new Forgotten())
    warnUnregistered({ warn: (_fields: object, text?: string) => lines.push(text ?? '') })
    expect(lines.filter((line) => line.includes('Forgotten'))).toHaveLength(1)
    expect(() => createApp().job('forgotten.one', 'id')).toThrow(/define it and import the module/)
  })
})

it('an error of a method is the error of its job', async () => {
  @tasks()
  class Failing {
    @task('failing')
    fail(): never {
      throw new Fatal('no')
    }
  }
  await expect(createApp().register(new Failing()).fail.run()).rejects.toThrow('no')
})
