import type { Operation } from './operation.js'

/** Every connection is reset; new ones are fine. */
export const cutLinks: Operation = {
  name: 'cut the links',
  async strike({ proxies }) {
    for (const proxy of proxies) proxy.cut()
  },
}
