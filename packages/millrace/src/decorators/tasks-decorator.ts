import { checkPolicyDefaults, declaredTasks, InvalidOptionError, type TaskPolicyOptions } from '@millrace/core'
import { checkLoader } from './check-loader.js'
import { ownLayer } from './class-layer.js'

/** Decorates a class, an abstract one included. */
export type TasksDecorator = (
  decorated: abstract new (...args: never[]) => object,
  context: ClassDecoratorContext,
) => void

/**
 * Marks a class whose methods are tasks, with defaults for them, over the app's. A subclass inherits them.
 * Throws `InvalidOptionError`: for unknown defaults, for two methods of one wire name, and under TypeScript's experimentalDecorators.
 */
export function tasks(defaults: TaskPolicyOptions = {}): TasksDecorator {
  if (typeof defaults === 'function') {
    throw new InvalidOptionError({ option: '@tasks', found: defaults, expected: 'a call: @tasks() above the class' })
  }
  checkPolicyDefaults(defaults)
  return (decorated, context) => {
    checkLoader(context)
    const className = context.name ?? decorated.name
    const layer = ownLayer(context.metadata, '@tasks')
    layer.defaults = defaults
    layer.className = className
    const holders = new Map<string, string>()
    for (const [method, { name }] of layer.methods) {
      const holder = holders.get(name)
      if (holder !== undefined) {
        throw new InvalidOptionError({
          option: `@task('${name}')`,
          found: `${className}.${method}`,
          expected: `a name of its own; ${className}.${holder} has this one`,
        })
      }
      holders.set(name, method)
      const declaration = declaredTasks().get(name)
      if (declaration !== undefined) declaration.className ??= className
    }
  }
}
