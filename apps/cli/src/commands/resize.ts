import { workerOrderCommand } from './worker-order.js'

export const resize = workerOrderCommand({
  usage: 'resize <size>',
  summary: 'Let workers run this many handlers at once, until they are started again',
  obeyed: 'has its new size',
  positionals: { size: { type: 'number', demandOption: true, describe: '1 to 10000' } },
  examples: [['resize 20 --all', '20 handlers at once in each']],
  give: (control, { size }, options) => control.resize(size as number, options),
})
