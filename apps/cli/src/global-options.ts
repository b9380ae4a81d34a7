import type { InferredOptionTypes, Options } from 'yargs'

/** Options of every command. */
export const GLOBAL_OPTIONS = {
  broker: {
    type: 'string',
    requiresArg: true,
    describe: "The broker's URL. Default: MILLRACE_BROKER, else .millrace/broker, else redis://127.0.0.1:6379",
  },
  name: {
    type: 'string',
    requiresArg: true,
    describe: "The app's name. Default: package.json#millrace.name, else the app module's, else millrace",
  },
  app: {
    type: 'string',
    requiresArg: true,
    describe: 'The module that exports the app. Default: package.json#millrace.app, else ./tasks.ts, ./src/tasks.ts',
  },
  prefix: { type: 'string', requiresArg: true, describe: 'Starts every key in the store. Default: millrace' },
  json: { type: 'boolean', describe: 'Print JSON, for scripts' },
  timeout: { type: 'string', requiresArg: true, describe: "How long to wait for the broker, e.g. '5s'" },
  debug: { type: 'boolean', describe: 'Print the stack of an error (also: MILLRACE_DEBUG=1)' },
} as const satisfies Record<string, Options>

export type GlobalArguments = InferredOptionTypes<typeof GLOBAL_OPTIONS>
