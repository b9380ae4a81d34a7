import { pause } from '../run/until.js'
import type { Operation } from './operation.js'

const LEAST_MS = 50
const MOST_MS = 500

/** Everything arrives late, in both directions. */
export const delayLinks: Operation = {
  name: 'delay the links',
  async strike({ proxies }, { lastsMs, choice }) {
    for (const proxy of proxies) proxy.delay(LEAST_MS + choice * (MOST_MS - LEAST_MS))
    await pause(lastsMs)
    for (const proxy of proxies) proxy.pass()
  },
}
