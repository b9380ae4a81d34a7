/*
 * A candidate in a process of its own, to be frozen by the test. argv: URL of the server, TTL in ms.
 * Prints `leading` when it wins; asked by a line on stdin, it answers `trusts true|false`: whether it trusts that term. A question that is
 * asked while it is frozen waits for it, so the answer is the first that it does when it thaws.
 */
import { once } from 'node:events'
import { etcdCoordinator } from '../src/etcd/etcd-coordinator.js'
import { redlockCoordinator } from '../src/redlock/redlock-coordinator.js'

const [url = '', ttl = ''] = process.argv.slice(2)

const coordinator = url.startsWith('etcd:')
  ? etcdCoordinator({ url, prefix: 'test' })
  : redlockCoordinator({ servers: [url], prefix: 'test' })
await coordinator.elect('e', {
  candidate: 'frozen',
  ttlMs: Number(ttl),
  signal: new AbortController().signal,
  beforeCampaign: async () => {},
  onTerm: async (term) => {
    const asked = once(process.stdin, 'data')
    console.log('leading')
    await asked
    console.log(`trusts ${term.trusted()}`)
  },
})
