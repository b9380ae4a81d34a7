import { CliError } from '../cli-error.js'
import { defineCommand } from '../command.js'
import { humanFacing } from '../human-facing.js'
import { printLine } from '../output/print.js'
import { untilStopped } from '../until-stopped.js'

export const dashboard = defineCommand({
  usage: 'dashboard',
  summary: 'Serve the dashboard: queues, jobs, workers and schedules in a browser',
  options: {
    port: { type: 'number', requiresArg: true, default: 4747, describe: '0 takes a free one' },
    host: {
      type: 'string',
      requiresArg: true,
      default: '127.0.0.1',
      describe: 'Another address than loopback wants users to sign in (MILLRACE_DASHBOARD_USERS)',
    },
  },
  examples: [
    ['dashboard', 'on http://127.0.0.1:4747/, for this machine only'],
    ['dashboard --name shop --port 8081', 'without the app module'],
  ],
  async run({ port, host, debug }, session) {
    const app = humanFacing(await session.app(), debug === true)
    session.checkShared(app)
    const { serveDashboard } = await import('@millrace/dashboard')
    const served = await serveDashboard({ app, port, host }).catch((error: unknown) => {
      const { code } = error as NodeJS.ErrnoException
      if (code !== 'EADDRINUSE') throw error
      throw new CliError(`${host}:${port} is taken: give another --port, or stop the process that listens there.`, {
        cause: error,
      })
    })
    return untilStopped({
      logger: app.logger,
      start: async () => printLine(`Dashboard of app ${app.name}: ${served.url}`),
      stop: () => served.close(),
      stopped: () => new Promise(() => undefined),
      onFatal: async (error) => {
        app.logger.fatal({ err: error }, 'an error escaped: the dashboard stops')
        await served.close()
      },
    })
  },
})
