import type { Operation } from './operation.js'

/** The connections on which workers wait for work go silent for ever, without an end; all others are fine. */
export const halfOpenBlocking: Operation = {
  name: 'half-open the blocking links',
  async strike({ proxies }) {
    for (const proxy of proxies) proxy.halfOpen('blocking')
  },
}
