import type { Broker } from '@millrace/broker'
import {
  type Callable,
  type Client,
  createClient,
  type EnqueueMiddleware,
  type GivenOf,
  type Handler,
  type InferInput,
  type InferOutput,
  type InputOf,
  type JobHandle,
  type ParsedOf,
  type ResultOf,
  type ReturnedJson,
  type Task,
  valueCodec,
} from '@millrace/client'
import {
  type Clock,
  defineTask,
  type Logger,
  type ScheduleOptions,
  type Schema,
  systemClock,
  type TaskContext,
  type TaskDefinition,
  type TaskHandler,
  type TaskOptions,
  TaskRegistry,
  UnknownTaskError,
} from '@millrace/core'
import type { Control, Monitor } from '@millrace/monitor'
import type { ExecuteMiddleware, JobHooks, WorkerCodec, WorkerHost } from '@millrace/worker'
import { type AppOptions, type ResolvedAppOptions, resolveAppOptions } from './app-options.js'
import { findBrokerAddress } from './broker/broker-address.js'
import { type BrokerOption, openBroker } from './broker/open-broker.js'
import { AppLocks, type HeldLock, type LockOptions } from './coordination/app-locks.js'
import { classTasks, noteRegistered, taskFace } from './decorators/class-tasks.js'
import type { NoClass, Registered } from './decorators/registered.js'
import { lazyFace } from './lazy-face.js'
import { checkMiddleware, type Middleware, nest } from './middleware.js'
import type { AppScheduleControl } from './schedules/app-schedule-control.js'
import { CodeSchedules } from './schedules/code-schedules.js'
import { type Substitute, underTest } from './substitute.js'

const LANES_PER_QUEUE = 1

/** Makes an app. Connects to nothing until something needs the broker. Throws `InvalidOptionError`, `InvalidNameError`. */
export function createApp(options?: AppOptions): App {
  return new App(resolveAppOptions(options))
}

/** The tasks of one product, and the broker that they share. */
export class App implements WorkerHost, AsyncDisposable {
  readonly name: string
  /** Starts every key in the store. */
  readonly prefix: string
  readonly registry = new TaskRegistry()
  /** Reading: queues, jobs, workers, the leader, health. */
  readonly monitor: Monitor = lazyFace(async () => (await import('@millrace/monitor')).createMonitor(this.#scope))
  /** Steering: pause, resume, purge, retry, cancel, discard, promote, orders to workers, and `schedules`. */
  readonly control: Control & { readonly schedules: AppScheduleControl } = lazyFace(
    async () => (await import('@millrace/monitor')).createControl(this.#scope),
    {
      schedules: lazyFace<AppScheduleControl>(async () =>
        (await import('./schedules/app-schedule-control.js')).createAppScheduleControl(this.#scope, (name, callable) =>
          this.#client.scheduledCall(name, callable),
        ),
      ),
    },
  )
  /** For workers: the codec between JSON values. */
  readonly codec: WorkerCodec | undefined
  /** For workers: what `use` has composed. */
  execute: ExecuteMiddleware | undefined
  /** For workers and dispatchers: the hooks that `use` was given. */
  readonly hooks: JobHooks[] = []
  readonly #options: ResolvedAppOptions
  readonly #client: Client
  readonly #enqueueMiddleware: EnqueueMiddleware[] = []
  readonly #tasks = new Map<string, Task<unknown>>()
  readonly #codeSchedules: CodeSchedules
  readonly #locks: AppLocks
  #target: BrokerOption | undefined
  #substitute: (Substitute & { readonly opened: Promise<Broker> }) | undefined
  #broker: Promise<Broker> | undefined

  /** Use `createApp`. */
  constructor(options: ResolvedAppOptions) {
    const { name, prefix, maxInputBytes, codec } = options
    this.name = name
    this.prefix = prefix
    this.#options = options
    this.codec = codec === undefined ? undefined : valueCodec(codec, maxInputBytes)
    this.#client = createClient({
      broker: () => this.broker(),
      maxInputBytes,
      codec,
      enqueueMiddleware: this.#enqueueMiddleware,
      clock: { now: () => this.#clock.now(), monotonic: () => this.#clock.monotonic() },
      lanes: () => this.lanes(),
      registry: this.registry,
      logger: options.logger,
    })
    this.#locks = new AppLocks(async () => (await import('./coordination/open-coordinator.js')).openCoordinator(this))
    this.#codeSchedules = new CodeSchedules((name, callable) => this.#client.scheduledCall(name, callable))
  }

  /**
   * Defines a task: the contract that producers and workers share. Its handler comes with `task.handle`, where it runs.
   * Throws `InvalidNameError`, `InvalidOptionError` (also for a name that is taken).
   */
  define<I extends Schema | undefined = undefined, O extends Schema | undefined = undefined>(
    name: string,
    options?: TaskOptions<I, O>,
  ): Task<InputOf<I>, ParsedOf<I>, GivenOf<O>, ResultOf<O>> {
    return this.#define(name, options as TaskOptions | undefined)
  }

  /** Defines a task together with its handler, where nobody else imports it. Without schemas the handler's types hold, unchecked. */
  task<I = unknown, R = unknown>(
    name: string,
    handler: (input: I, ctx: TaskContext) => R,
  ): Task<I, I, ReturnedJson<R>, ReturnedJson<R>>
  task<O extends Schema, I extends Schema | undefined = undefined>(
    name: string,
    options: TaskOptions<I, O> & { readonly output: O },
    handler: Handler<ParsedOf<I>, InferInput<O>>,
  ): Task<InputOf<I>, ParsedOf<I>, InferInput<O>, InferOutput<O>>
  task<I extends Schema, R>(
    name: string,
    options: TaskOptions<I, undefined> & { readonly input: I; readonly output?: undefined },
    handler: (input: InferOutput<I>, ctx: TaskContext) => R,
  ): Task<InferInput<I>, InferOutput<I>, ReturnedJson<R>, ReturnedJson<R>>
  task<I = unknown, R = unknown>(
    name: string,
    options: TaskOptions<undefined, undefined> & { readonly input?: undefined; readonly output?: undefined },
    handler: (input: I, ctx: TaskContext) => R,
  ): Task<I, I, ReturnedJson<R>, ReturnedJson<R>>
  task(
    name: string,
    ...rest: readonly [unknown] | readonly [unknown, unknown]
  ): Task<unknown, unknown, unknown, unknown> {
    const [options, handler] = rest.length === 1 ? [undefined, rest[0]] : rest
    const task = this.#define<unknown, unknown, unknown, unknown>(name, options as TaskOptions | undefined)
    return task.handle(handler as TaskHandler)
  }

  /**
   * Adds the tasks of an instance whose class has `@tasks` and `@task`, with its methods as their handlers. All of them or, when it
   * throws, none. Throws `InvalidOptionError` (also for names that are taken), `InvalidNameError`.
   */
  register<T extends object>(instance: T & NoClass<T>): Registered<T> {
    const found = classTasks(instance, this.registry, this.#options.defaults)
    const tasks = new Map<string, unknown>()
    for (const { method, definition, handler } of found) tasks.set(method, this.#add(definition).handle(handler))
    noteRegistered(found)
    return taskFace(instance, tasks) as Registered<T>
  }

  /**
   * Defines a schedule in code: a task with its input, enqueued at each tick. It is stored when a worker or dispatcher of this code
   * starts; one that is no longer in the code is removed then. Enqueue middleware does not run for it.
   * Throws `InvalidNameError`, `InvalidOptionError` (also for a name that is taken), and as `enqueue` rejects.
   */
  schedule(name: string, spec: ScheduleOptions, call: Callable): this {
    this.#codeSchedules.add(name, spec, call)
    return this
  }

  /** For workers and dispatchers: the schedules that `schedule` defined. */
  codeSchedules(): CodeSchedules {
    return this.#codeSchedules
  }

  /**
   * Runs `work` while this process holds the lock `key`, which no other process of the app has meanwhile as far as a lock can promise that;
   * gives it back when `work` has settled, however. Resolves and rejects as `work` does. `lock.signal` aborts when the lock is lost;
   * `lock.token` is for stores that can refuse writes of an older holder (docs/COORDINATION.md).
   *
   * Rejects, with `work` never called: `LockNotWonError` when others held it for `wait`; `BrokerUnavailableError` when its servers did not
   * answer; `InvalidOptionError`; the signal's reason.
   */
  lock<T>(key: string, options: LockOptions, work: (lock: HeldLock) => T | Promise<T>): Promise<T> {
    return this.#locks.hold(key, options, work)
  }

  /** Adds middleware, inside of what was added before, and hooks, which are called after those. Throws `InvalidOptionError`. */
  use(middleware: Middleware): this {
    const { enqueue, execute, ...hooks } = checkMiddleware(middleware)
    if (enqueue !== undefined) this.#enqueueMiddleware.push(enqueue)
    if (execute !== undefined) this.execute = nest(this.execute, execute)
    if (Object.keys(hooks).length > 0) this.hooks.push(hooks)
    return this
  }

  /**
   * The handle of a job that was enqueued elsewhere, by its task (or the task's name) and id. Asks nobody whether it exists.
   * Throws `UnknownTaskError`, `InvalidNameError`.
   */
  job<Input, Parsed, Given, Output>(task: Task<Input, Parsed, Given, Output>, id: string): JobHandle<Output>
  job(task: string, id: string): JobHandle<unknown>
  job(task: { readonly name: string; job(id: string): JobHandle<unknown> } | string, id: string): JobHandle<unknown> {
    if (typeof task !== 'string') return task.job(id)
    const named = this.#tasks.get(this.registry.definition(task)?.name ?? task)
    if (named === undefined) throw new UnknownTaskError({ task, known: this.registry.names() })
    return named.job(id)
  }

  /** The task of this name or alias, for tools that know it by name only. `undefined`: none is defined here. */
  taskNamed(nameOrAlias: string): Task<unknown> | undefined {
    return this.#tasks.get(this.registry.definition(nameOrAlias)?.name ?? nameOrAlias)
  }

  get logger(): Logger {
    return this.#substitute?.logger ?? this.#options.logger
  }

  /** The one broker of the app, opened on first use. Rejects with `InvalidOptionError` for an address that nobody can read. */
  broker(): Promise<Broker> {
    if (this.#substitute !== undefined) return this.#substitute.opened
    this.#broker ??= this.#open()
    return this.#broker
  }

  /** What `broker()` opens: the option, or what the surroundings name (`MILLRACE_BROKER`, a running `millrace dev`, the default). */
  brokerTarget(): BrokerOption {
    if (this.#substitute !== undefined) return this.#substitute.broker
    this.#target ??= this.#options.broker ?? findBrokerAddress().url
    return this.#target
  }

  /**
   * For test kits: works on another broker, with another clock and logger, until the answer is called. What was open stays open.
   * Throws `InvalidOptionError` while another substitute is in place.
   */
  substitute(parts: Substitute): () => void {
    if (this.#substitute !== undefined) throw underTest(this.name)
    const substitute = { ...parts, opened: Promise.resolve(parts.broker) }
    this.#substitute = substitute
    return () => {
      if (this.#substitute === substitute) this.#substitute = undefined
    }
  }

  /** How many lanes each queue has. */
  lanes(): number {
    return LANES_PER_QUEUE
  }

  /**
   * Waits for the calls under way, gives back the locks that are held, then closes the broker, unless the app was given one that was open. Safe to repeat; the
   * next call opens it anew.
   */
  async close(): Promise<void> {
    await this.#client.idle()
    await this.#locks.close()
    const opened = this.#broker
    this.#broker = undefined
    if (opened === undefined) return
    const broker = await opened.catch(() => undefined)
    if (broker !== this.#options.broker) await broker?.close()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  get #clock(): Clock {
    return this.#substitute?.clock ?? systemClock
  }

  get #scope() {
    return { app: this.name, broker: () => this.broker(), lanes: () => this.lanes() }
  }

  #define<Input, Parsed, Given, Output>(
    name: string,
    options: TaskOptions | undefined,
  ): Task<Input, Parsed, Given, Output> {
    return this.#add(defineTask(name, options, this.#options.defaults))
  }

  #add<Input, Parsed, Given, Output>(definition: TaskDefinition): Task<Input, Parsed, Given, Output> {
    this.registry.add(definition)
    const task = this.#client.task<Input, Parsed, Given, Output>(definition)
    this.#tasks.set(definition.name, task as unknown as Task<unknown>)
    return task
  }

  #open(): Promise<Broker> {
    const opening = openBroker(this.brokerTarget(), { app: this.name, prefix: this.prefix })
    opening.catch(() => {
      if (this.#broker === opening) this.#broker = undefined
    })
    return opening
  }
}
