import { type AnyCommand, defineCommand } from '../command.js'
import { printJson, printLine } from '../output/print.js'

interface QueuePauseCommand {
  readonly verb: 'pause' | 'resume'
  readonly summary: string
  readonly done: (queue: string) => string
  readonly examples: AnyCommand['examples']
}

export function queuePauseCommand({ verb, summary, done, examples }: QueuePauseCommand): AnyCommand {
  return defineCommand({
    usage: `${verb} <queue>`,
    summary,
    positionals: { queue: { type: 'string', demandOption: true, describe: "The queue's name" } },
    examples,
    async run({ queue }, session) {
      const answer = await (await session.control())[verb](queue)
      if (session.json) printJson(answer)
      else printLine(done(queue))
      return 0
    },
  })
}
