import { queuePauseCommand } from './queue-pause.js'

export const pause = queuePauseCommand({
  verb: 'pause',
  summary: 'Hand out no more jobs of a queue; running ones finish',
  done: (queue) => `Queue ${queue} is paused. Go on with: millrace resume ${queue}`,
  examples: [['pause mail', 'jobs can still be enqueued, none is started']],
})
