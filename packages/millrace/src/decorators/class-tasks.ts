import {
  declaredTasks,
  defineTask,
  InvalidOptionError,
  type TaskDefinition,
  type TaskHandler,
  type TaskPolicyOptions,
  TaskRegistry,
} from '@millrace/core'
import { type ClassLayer, type DeclaredMethod, layersOf } from './class-layer.js'

/** A decorated method of an instance, ready to be added to an app. */
export interface ClassTask {
  readonly method: string
  readonly definition: TaskDefinition
  /** Calls the method on its instance. */
  readonly handler: TaskHandler
}

/**
 * The tasks of an instance, all checked, none added yet: those of its class and of the classes it extends. Throws `InvalidOptionError`,
 * `InvalidNameError`.
 */
export function classTasks(instance: unknown, taken: TaskRegistry, appDefaults?: TaskPolicyOptions): ClassTask[] {
  const className = checkInstance(instance)
  const layers = layersOf((instance as object).constructor)
  checkMarked(className, layers)
  const defaults = mergeDefaults(appDefaults, layers)
  const methods = new Map<string, DeclaredMethod>()
  for (const layer of layers) for (const [method, declared] of layer.methods) methods.set(method, declared)
  const found: ClassTask[] = []
  const own = new TaskRegistry()
  for (const [method, { name, options }] of methods) {
    const definition = defineTask(name, options, defaults)
    own.add(definition)
    checkFree(className, definition, taken)
    const handler: TaskHandler = (input, ctx) =>
      (instance as Record<string, TaskHandler>)[method]?.call(instance, input, ctx)
    found.push({ method, definition, handler })
  }
  return found
}

/** What callers get of an instance: a task per decorated method. Its other methods say that they are none. */
export function taskFace(instance: object, tasks: ReadonlyMap<string, unknown>): object {
  const face: Record<string, unknown> = {}
  for (const [method, task] of tasks) Object.defineProperty(face, method, { value: task, enumerable: true })
  for (let proto = Object.getPrototypeOf(instance); proto !== Object.prototype && proto !== null; ) {
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(proto))) {
      if (typeof value !== 'function' || name === 'constructor' || Object.hasOwn(face, name)) continue
      const option = `${instance.constructor.name}.${name}`
      Object.defineProperty(face, name, {
        get: () => {
          const expected = "a task: put @task('wire.name') above it, or call it on the instance itself"
          throw new InvalidOptionError({ option, found: 'a method without @task', expected })
        },
      })
    }
    proto = Object.getPrototypeOf(proto)
  }
  return Object.freeze(face)
}

/** From now on a missing handler of these has another reason than a class that nobody registered. */
export function noteRegistered(tasks: readonly ClassTask[]): void {
  for (const { definition } of tasks) {
    const declaration = declaredTasks().get(definition.name)
    if (declaration !== undefined) declaration.registered = true
  }
}

function checkInstance(instance: unknown): string {
  if (typeof instance === 'object' && instance !== null && typeof instance.constructor === 'function') {
    return instance.constructor.name
  }
  const isClass = typeof instance === 'function'
  throw new InvalidOptionError({
    option: 'register',
    found: isClass ? `the class ${instance.name}` : instance,
    expected: isClass ? `an instance: app.register(new ${instance.name}(…))` : 'an instance of a class with @tasks',
  })
}

function checkMarked(className: string, layers: readonly ClassLayer[]): void {
  const unmarked = layers.find((layer) => layer.methods.size > 0 && layer.defaults === undefined)
  if (unmarked !== undefined) {
    const [method] = unmarked.methods.keys()
    throw new InvalidOptionError({
      option: 'register',
      found: className,
      expected: `@tasks() above the class that declares ${method}: its methods have @task, the class has nothing`,
    })
  }
  if (layers.some((layer) => layer.methods.size > 0)) return
  throw new InvalidOptionError({
    option: 'register',
    found: className,
    expected: "a class with @tasks() and at least one method with @task('wire.name')",
  })
}

/** The nearest class wins; `retry` is merged field by field, as everywhere. */
function mergeDefaults(appDefaults: TaskPolicyOptions = {}, layers: readonly ClassLayer[]): TaskPolicyOptions {
  const all = [appDefaults, ...layers.map(({ defaults }) => defaults)]
  const retry = Object.assign({}, ...all.map((each) => each?.retry))
  return Object.assign({}, ...all, Object.keys(retry).length > 0 && { retry })
}

function checkFree(className: string, { name, policy }: TaskDefinition, taken: TaskRegistry): void {
  const clash = [name, ...policy.aliases].find((one) => taken.definition(one) !== undefined)
  if (clash === undefined) return
  throw new InvalidOptionError({
    option: 'register',
    found: className,
    expected: `task names that are free: the app has ${clash} already, from this class registered before or from elsewhere`,
  })
}
