import { defineCommand } from '../command.js'
import { HEALTH_OPTION, startHealth } from '../health/health-option.js'
import { humanFacing } from '../human-facing.js'
import { untilStopped } from '../until-stopped.js'

export const dispatcher = defineCommand({
  usage: 'dispatcher',
  summary: 'Run a candidate for the dispatcher on its own: no handlers, no worker',
  options: HEALTH_OPTION,
  examples: [
    ['dispatcher', 'campaigns, and leads when it is elected'],
    ['dispatcher --name shop', 'without the app module'],
  ],
  async run(args, session) {
    const app = humanFacing(await session.app(), args.debug === true)
    session.checkShared(app)
    const { createDispatcher } = await import('millrace/worker')
    const candidate = createDispatcher(app)
    const health = await startHealth(args['health-port'], app.logger, () => {
      const state = candidate.status()?.state ?? 'stopped'
      return { ready: state !== 'stopped', state }
    })
    try {
      return await untilStopped({
        logger: app.logger,
        start: async () => {
          await candidate.start()
          app.logger.info({ app: app.name }, 'dispatcher campaigns')
        },
        stop: () => candidate.stop(),
        stopped: () => new Promise(() => undefined),
        onFatal: async (error) => {
          app.logger.fatal({ err: error }, 'an error escaped: the dispatcher stops')
          await candidate.stop()
        },
      })
    } finally {
      await health?.close()
    }
  },
})
