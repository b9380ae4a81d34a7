import { queuePauseCommand } from './queue-pause.js'

export const resume = queuePauseCommand({
  verb: 'resume',
  summary: 'Hand out jobs of a paused queue again',
  done: (queue) => `Queue ${queue} is no longer paused.`,
  examples: [['resume mail', 'takes millrace pause mail back']],
})
