import { pause } from '../run/until.js'
import type { Operation } from './operation.js'

/** Requests arrive and their replies do not, or the other way round. */
export const oneWayLinks: Operation = {
  name: 'cut the links one way',
  async strike({ proxies }, { lastsMs, choice }) {
    for (const proxy of proxies) proxy.blackhole(choice < 0.5 ? 'replies' : 'requests')
    await pause(lastsMs)
    for (const proxy of proxies) proxy.pass()
  },
}
