import { defineCommand } from '../command.js'
import { humanFacing } from '../human-facing.js'
import { untilStopped } from '../until-stopped.js'

export const dispatcher = defineCommand({
  usage: 'dispatcher',
  summary: 'Run a candidate for the dispatcher on its own: no handlers, no worker',
  examples: [
    ['dispatcher', 'campaigns, and leads when it is elected'],
    ['dispatcher --name shop', 'without the app module'],
  ],
  async run(args, session) {
    const app = humanFacing(await session.app(), args.debug === true)
    session.checkShared(app)
    const { createDispatcher } = await import('millrace/worker')
    const candidate = createDispatcher(app)
    return untilStopped({
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
  },
})
