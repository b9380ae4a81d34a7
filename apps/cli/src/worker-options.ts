import { closestName, type Duration } from '@millrace/core'
import type { App } from 'millrace'
import type { AppWorkerOptions } from 'millrace/worker'
import type { InferredOptionTypes, Options } from 'yargs'
import { CliError } from './cli-error.js'
import { parseQueues } from './parse-queues.js'

/** What every command that runs handlers takes. */
export const WORKER_OPTIONS = {
  queues: {
    type: 'string',
    requiresArg: true,
    describe: "Which to serve, with weights: 'mail:3,default:1'. Default: all that the tasks use",
  },
  strict: { type: 'boolean', describe: 'A later queue only while the earlier ones are empty' },
  concurrency: { type: 'number', requiresArg: true, describe: 'Handlers that run at once per process. Default: 100' },
  lease: { type: 'string', requiresArg: true, describe: "How long jobs stay with a silent worker. Default: '10s'" },
} as const satisfies Record<string, Options>

/** As given on the command line; plain data, so that they travel to other processes. */
export type WorkerFlags = Partial<InferredOptionTypes<typeof WORKER_OPTIONS>> & { readonly grace?: string | undefined }

/** Throws `InvalidOptionError`, `InvalidNameError`. */
export function workerOptions({ queues, strict, concurrency, lease, grace }: WorkerFlags): AppWorkerOptions {
  return {
    ...(queues !== undefined && { queues: parseQueues(queues) }),
    ...(strict !== undefined && { strict }),
    ...(concurrency !== undefined && { concurrency }),
    ...(lease !== undefined && { lease: lease as Duration }),
    ...(grace !== undefined && { grace: grace as Duration }),
  }
}

/** How many tasks have handlers. Throws `CliError` for none. */
export function checkHandlers(app: App, module: string): number {
  const names = app.registry.names()
  const handled = names.filter((name) => app.registry.handler(name) !== undefined).length
  if (handled > 0) return handled
  throw new CliError(
    names.length === 0
      ? `${module} defines no task: add one with app.task('math.add', { … }, handler).`
      : `${module} has no task with a handler (${names.slice(0, 3).join(', ')}${names.length > 3 ? ', …' : ''}): name the module that calls .handle() with --app, and export the app from it.`,
  )
}

/** Allowed: jobs of a task may still wait in a queue that it used before. */
export function warnOfEmptyQueues(app: App, { queues }: WorkerFlags): void {
  const known = app.registry.queues()
  for (const queue of queues === undefined ? [] : Object.keys(parseQueues(queues))) {
    if (known.includes(queue)) continue
    const meant = closestName(queue, known)
    app.logger.warn({ queue }, `no task uses queue ${queue}${meant === undefined ? '' : `, did you mean ${meant}?`}`)
  }
}
