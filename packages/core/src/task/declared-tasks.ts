/** Where a decorator declares a task. */
export interface TaskDeclaration {
  /** `undefined` while only the method's decorator has run, and for a class without `@tasks`. */
  className: string | undefined
  readonly method: string
  /** Whether an app of this process has it. */
  registered: boolean
}

const KEY = Symbol.for('millrace declared tasks')

/** By wire name. One map for every copy of this package, so that a command and the app that it loads see the same. */
export function declaredTasks(): Map<string, TaskDeclaration> {
  const holder = globalThis as { [KEY]?: Map<string, TaskDeclaration> }
  holder[KEY] ??= new Map()
  return holder[KEY]
}

/** What is wrong with a task that a class declares and no app has; `undefined` where no decorator names it. */
export function unregisteredHint(task: string): string | undefined {
  const declaration = declaredTasks().get(task)
  if (declaration === undefined || declaration.registered) return undefined
  const { className, method } = declaration
  return className === undefined
    ? `The method ${method} has @task('${task}'), but its class has no @tasks or is not registered: add @tasks() above the class and call app.register(new …) in a module that this process loads.`
    : `The class ${className} declares it (${method}), but is not registered: call app.register(new ${className}(…)) in a module that this process loads.`
}
