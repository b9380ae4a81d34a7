import type { Operation } from './operation.js'

/** The connections that are there go silent for ever, without an end; new ones are fine. */
export const halfOpenLinks: Operation = {
  name: 'half-open the links',
  async strike({ proxies }) {
    for (const proxy of proxies) proxy.halfOpen()
  },
}
