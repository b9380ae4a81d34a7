import { InvalidOptionError, UnknownTaskError } from '../errors/input-errors.js'
import type { TaskHandler } from './task-context.js'
import type { TaskDefinition } from './task-definition.js'

/** The tasks of one app, by name and alias, with their handlers where this process has them. */
export class TaskRegistry {
  /** By name and by each alias. */
  readonly #definitions = new Map<string, TaskDefinition>()
  /** By name only. */
  readonly #handlers = new Map<string, TaskHandler>()

  /** Throws `InvalidOptionError` when the name or an alias is taken; nothing is added then. */
  add(definition: TaskDefinition): void {
    const names = [definition.name, ...definition.policy.aliases]
    for (const [index, name] of names.entries()) {
      const holder = this.#definitions.get(name) ?? (names.indexOf(name) < index ? definition : undefined)
      if (holder === undefined) continue
      throw new InvalidOptionError({
        option: name === definition.name ? 'task name' : `${definition.name}.aliases`,
        found: name,
        expected: `a name that is not taken; the task ${holder.name} has it`,
      })
    }
    for (const name of names) this.#definitions.set(name, definition)
  }

  /** Gives a task its handler. Throws `UnknownTaskError`, and `InvalidOptionError` when it has one. */
  handle(name: string, handler: TaskHandler): void {
    const definition = this.#definitions.get(name)
    if (definition === undefined) throw new UnknownTaskError({ task: name, known: this.names() })
    if (typeof handler !== 'function') {
      throw new InvalidOptionError({ option: `${name}.handle`, found: handler, expected: 'a function' })
    }
    if (this.#handlers.has(definition.name)) {
      throw new InvalidOptionError({
        option: `${name}.handle`,
        found: handler,
        expected: 'one handler per task; this task has one already',
      })
    }
    this.#handlers.set(definition.name, handler)
  }

  definition(nameOrAlias: string): TaskDefinition | undefined {
    return this.#definitions.get(nameOrAlias)
  }

  handler(nameOrAlias: string): TaskHandler | undefined {
    const definition = this.#definitions.get(nameOrAlias)
    return definition === undefined ? undefined : this.#handlers.get(definition.name)
  }

  /** Names of all tasks, without aliases, in the order they were added. */
  names(): string[] {
    return [...new Set(Array.from(this.#definitions.values(), (definition) => definition.name))]
  }

  /** Queues of all tasks, each once, in the order they were first used. */
  queues(): string[] {
    return [...new Set(Array.from(this.#definitions.values(), (definition) => definition.policy.queue))]
  }
}
