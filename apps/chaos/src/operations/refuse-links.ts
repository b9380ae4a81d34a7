import { pause } from '../run/until.js'
import type { Operation } from './operation.js'

/** Nobody listens: connections are reset, and so are new ones. */
export const refuseLinks: Operation = {
  name: 'refuse the links',
  async strike({ proxies }, { lastsMs }) {
    for (const proxy of proxies) proxy.refuse()
    await pause(lastsMs)
    for (const proxy of proxies) proxy.pass()
  },
}
