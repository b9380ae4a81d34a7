/*
 * A candidate in a process of its own, to be frozen by the test. argv: URL of the server, TTL in ms.
 * Prints `leading` when it wins, and after each gap in its time `thawed true|false`: whether it still trusts its term.
 */
import { etcdCoordinator } from '../src/etcd/etcd-coordinator.js'
import { redlockCoordinator } from '../src/redlock/redlock-coordinator.js'

const [url = '', ttl = ''] = process.argv.slice(2)
const GAP_MS = 500

const coordinator = url.startsWith('etcd:')
  ? etcdCoordinator({ url, prefix: 'test' })
  : redlockCoordinator({ servers: [url], prefix: 'test' })
await coordinator.elect('e', {
  candidate: 'frozen',
  ttlMs: Number(ttl),
  signal: new AbortController().signal,
  beforeCampaign: async () => {},
  onTerm: async (term) => {
    console.log('leading')
    let last = performance.now()
    await new Promise<void>((resolve) => {
      const beat = setInterval(() => {
        const gap = performance.now() - last
        last = performance.now()
        if (gap < GAP_MS) return
        console.log(`thawed ${term.trusted()}`)
        // A busy machine makes gaps too.
        if (term.trusted()) return
        clearInterval(beat)
        resolve()
      }, 5)
    })
  },
})
