/*
 * One part of an app in a process of its own, which a test lets die at a named point. argv: role, URL of the broker, ledger file.
 */
import { createApp } from 'millrace'
import { createDispatcher, createWorker } from 'millrace/worker'
import { defineCrashTasks } from './crash-tasks.js'

const [role = '', broker = '', ledger = ''] = process.argv.slice(2)
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'))
const quiet = { trace() {}, debug() {}, info() {}, warn() {}, error() {}, fatal() {}, child: () => quiet }
const app = createApp({ name: 'crash', broker, logger: quiet })
const tasks = defineCrashTasks(app, ledger)

if (role === 'worker') {
  await createWorker(app, { dispatcher: false, lease: '1s', concurrency: 2_500 }).start()
} else if (role === 'dispatcher') {
  await createDispatcher(app, { ttl: '1s' }).start()
} else {
  await Promise.all([1, 2, 3].map((n) => tasks.effect.enqueue(n, { id: `named-${n}` })))
}
process.send?.('ready')
