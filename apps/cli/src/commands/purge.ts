import { createInterface } from 'node:readline/promises'
import { defineCommand } from '../command.js'
import { printJson, printLine } from '../output/print.js'
import { Progress } from '../output/progress.js'
import type { Session } from '../session.js'

export const purge = defineCommand({
  usage: 'purge <queue>',
  summary: 'Cancel every job that waits in a queue; running and failed ones stay',
  positionals: { queue: { type: 'string', demandOption: true, describe: "The queue's name" } },
  options: { yes: { type: 'boolean', describe: 'Do not ask first (it asks on a terminal only)' } },
  examples: [
    ['purge mail', 'asks first'],
    ['purge mail --yes --json', 'for scripts'],
  ],
  async run({ queue, yes }, session) {
    if (yes !== true && process.stdin.isTTY && process.stdout.isTTY && !(await confirmed(queue))) return 1
    const control = await session.control()
    const progress = new Progress('cancelled', await waitingIn(session, queue))
    const onProgress = (count: number) => progress.show(count)
    const answer = await control.purge(queue, { onProgress }).finally(() => progress.end())
    if (session.json) printJson(answer)
    else
      printLine(`Queue ${queue} is empty: ${answer.purged} waiting ${answer.purged === 1 ? 'job' : 'jobs'} cancelled.`)
    return 0
  },
})

/** How many jobs a purge will meet, for the bar; not asked where nobody looks. */
async function waitingIn(session: Session, name: string): Promise<number | undefined> {
  if (!process.stderr.isTTY) return undefined
  const view = (await (await session.monitor()).queues()).find(({ queue }) => queue === name)
  return view === undefined ? undefined : view.ready + view.suspects + view.due
}

async function confirmed(queue: string): Promise<boolean> {
  const prompt = createInterface({ input: process.stdin, output: process.stderr })
  // Ctrl-C and the end of input are a no.
  const closed = new Promise<string>((resolve) => prompt.once('close', () => resolve('')))
  const answer = await Promise.race([prompt.question(`Cancel every waiting job of queue ${queue}? [y/N] `), closed])
  prompt.close()
  return /^y(es)?$/i.test(answer.trim())
}
