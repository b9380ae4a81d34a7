import { pause } from '../run/until.js'
import type { Operation } from './operation.js'

/** Nothing arrives, and nobody is told. */
export const swallowLinks: Operation = {
  name: 'swallow the links',
  async strike({ proxies }, { lastsMs }) {
    for (const proxy of proxies) proxy.blackhole()
    await pause(lastsMs)
    for (const proxy of proxies) proxy.pass()
  },
}
