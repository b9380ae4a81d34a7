import { VoidFigure } from '../measure/void-figure.js'
import { awaitDrain } from '../process/await-drain.js'
import { Stage } from '../process/stage.js'
import type { Scenario } from '../scenario.js'
import { drainDetails } from './drain-details.js'

const MEMBERS = 10_000

/** From the call that enqueues the chord to the start of its body, which must get every member's result. */
export const chord10000: Scenario = {
  name: 'chord-10000',
  summary: 'a chord of 10,000 members, an idle worker is running',
  figures: [{ key: '', unit: 'members/s', better: 'higher' }],
  measure: (trial) =>
    Stage.with(trial, async (stage) => {
      const members = trial.count(MEMBERS)
      const jobs = members + 1
      const workers = await stage.startWorkers(1, { kind: 'chord', jobs, timeStarts: true })
      const producer = await stage.startProducer('chord')
      const span = await producer.enqueueChord({ from: 0, to: members })
      const drained = await awaitDrain(stage, workers, { jobs })
      const [snapshot] = drained.snapshots
      if (snapshot?.bodyResults !== members) {
        throw new VoidFigure(`the body was given ${snapshot?.bodyResults} distinct results of ${members}`)
      }
      const bodyStart = snapshot.startTimes?.[members] ?? Number.NaN
      return { values: { '': (members / (bodyStart - span.startedAt)) * 1000 }, details: drainDetails(drained) }
    }),
}
