import { cutLinks } from '../operations/cut-links.js'
import { delayLinks } from '../operations/delay-links.js'
import { halfOpenLinks } from '../operations/half-open-links.js'
import { oneWayLinks } from '../operations/one-way-links.js'
import { refuseLinks } from '../operations/refuse-links.js'
import { swallowLinks } from '../operations/swallow-links.js'
import { stormScenario } from '../run/storm.js'

export const badLinks = stormScenario({
  name: 'bad-links',
  about:
    'links that are cut, late, one-way, half-open, refused or silent, for less than a lease: nobody loses anything',
  full: { jobs: 20_000, faults: 60, minutes: 0 },
  ci: { jobs: 600, faults: 6, minutes: 0 },
  workload: 'mixed',
  scene: { proxied: true },
  kinds: [
    { operation: cutLinks, lastsMs: [0, 0] },
    { operation: delayLinks, lastsMs: [500, 2_000] },
    { operation: oneWayLinks, lastsMs: [500, 2_000] },
    { operation: halfOpenLinks, lastsMs: [0, 0] },
    { operation: refuseLinks, lastsMs: [200, 1_500] },
    { operation: swallowLinks, lastsMs: [500, 2_000] },
  ],
  everyMs: [200, 1_000],
  // A half-open socket is found when a blocking call has not come back: 5 s and one.
  resumeMs: 7_000,
  crashless: true,
})
