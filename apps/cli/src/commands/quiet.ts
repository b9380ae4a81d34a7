import { workerOrderCommand } from './worker-order.js'

export const quiet = workerOrderCommand({
  usage: 'quiet',
  summary: 'Let workers take no new jobs; what runs finishes',
  obeyed: 'is quiet. Go on with: millrace unquiet',
  examples: [
    ['quiet --all', 'before a deployment; waits until each has answered, 5 s at most'],
    ['quiet --all --timeout 15s', 'waits longer'],
  ],
  give: (control, _args, options) => control.quiet(options),
})
