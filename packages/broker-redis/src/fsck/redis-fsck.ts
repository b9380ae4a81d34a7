import type { CallOptions, CheckQuery, Defect, DefectKind, FsckPort, Lane, LaneCheck } from '@millrace/broker'
import type { Engine } from '../engine.js'
import type { Script } from '../scripts.generated.js'
import { confirmDefectsScript, countsScript, repairDefectsScript } from '../scripts.generated.js'
import { LaneScan } from './lane-scan.js'
import { suspectJobs, suspectKeys } from './suspicions.js'

const DEFAULT_LIMIT = 1_000
/** Ids that are held in memory at once, about 100 MB. */
const IDS_A_SHARE = 500_000
const BATCH = 200

/** The consistency check on Redis: suspicions from a reading in steps, each confirmed by a script. */
export class RedisFsck implements FsckPort {
  readonly #engine: Engine

  constructor(engine: Engine) {
    this.#engine = engine
  }

  async check(lane: Lane, query: CheckQuery = {}, options: CallOptions = {}): Promise<LaneCheck> {
    const scan = new LaneScan({ engine: this.#engine, lane, options, onProgress: query.onProgress })
    const limit = query.limit ?? DEFAULT_LIMIT
    const defects: Defect[] = []
    const counts: Partial<Record<DefectKind, number>> = {}
    const add = async (suspicions: AsyncIterable<Defect>) => {
      for await (const batch of inBatches(suspicions)) {
        for (const defect of (await this.#select(confirmDefectsScript, lane, batch, options)) ?? []) {
          counts[defect.kind] = (counts[defect.kind] ?? 0) + 1
          if (defects.length < limit) defects.push(defect)
        }
      }
    }
    const seats = new Set<string>()
    await add(suspectKeys(scan, (seat) => seats.add(seat)))
    const shares = Math.max(1, Math.ceil((await this.#jobsOf(lane, options)) / IDS_A_SHARE))
    let jobs = 0
    for (let share = 0; share < shares; share += 1)
      await add(suspectJobs(scan, { share, shares, seats }, (count) => (jobs += count)))
    return { jobs, defects, counts }
  }

  async repair(
    lane: Lane,
    defects: readonly Defect[],
    options: CallOptions = {},
  ): Promise<readonly Defect[] | 'not-paused'> {
    const mended: Defect[] = []
    for (let from = 0; from < defects.length; from += BATCH) {
      const step = await this.#select(repairDefectsScript, lane, defects.slice(from, from + BATCH), options)
      if (step === undefined) return 'not-paused'
      mended.push(...step)
    }
    return mended
  }

  /** Those of `defects` that the script names; it may stop early, and is asked again for the rest. Undefined: not paused. */
  async #select(
    script: Script,
    lane: Lane,
    defects: readonly Defect[],
    options: CallOptions,
  ): Promise<readonly Defect[] | undefined> {
    const named: Defect[] = []
    for (let from = 0; from < defects.length; ) {
      const rest = defects.slice(from)
      const args = rest.flatMap(({ kind, subject, place }) => [kind, subject, place])
      const [done = 0, ...found] = (await this.#engine.onLane(script, lane, args, options)) as number[]
      if (done < 0) return undefined
      for (const i of found) named.push(rest[i - 1] as Defect)
      from += done
    }
    return named
  }

  async #jobsOf(lane: Lane, options: CallOptions): Promise<number> {
    const reply = (await this.#engine.onLane(countsScript, lane, [], options)) as number[]
    return reply.slice(0, 6).reduce((sum, n) => sum + n, 0)
  }
}

async function* inBatches(defects: AsyncIterable<Defect>): AsyncGenerator<readonly Defect[]> {
  let batch: Defect[] = []
  for await (const defect of defects) {
    batch.push(defect)
    if (batch.length < BATCH) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}
