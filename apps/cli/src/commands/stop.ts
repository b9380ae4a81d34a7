import { workerOrderCommand } from './worker-order.js'

export const stop = workerOrderCommand({
  usage: 'stop',
  summary: 'Let workers drain and end, as SIGTERM does',
  obeyed: 'stops: what runs gets its grace',
  examples: [['stop --all', 'what starts them (systemd, Kubernetes) may start them again']],
  give: (control, _args, options) => control.stop(options),
})
