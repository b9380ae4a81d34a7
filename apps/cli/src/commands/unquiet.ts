import { workerOrderCommand } from './worker-order.js'

export const unquiet = workerOrderCommand({
  usage: 'unquiet',
  summary: 'Let quiet workers take jobs again',
  obeyed: 'takes jobs again',
  examples: [['unquiet --all', 'takes quiet back']],
  give: (control, _args, options) => control.unquiet(options),
})
