import { until } from '../run/until.js'
import type { Candidate, Candidates } from './candidates.js'
import type { TermWatch } from './term-watch.js'

/** Waits until a candidate leads that nobody has hurt. */
export async function wholeLeader(
  candidates: Candidates,
  watch: TermWatch,
): Promise<{ readonly candidate: Candidate; readonly epoch: number }> {
  let found: { candidate: Candidate; epoch: number } | undefined
  const leads = async () => {
    const { epoch, pid } = await watch.present()
    const candidate = candidates.whole.find((each) => each.pid === pid)
    found = candidate === undefined ? undefined : { candidate, epoch }
    return found !== undefined
  }
  await until('a whole candidate leads', leads, 60_000)
  return found as { candidate: Candidate; epoch: number }
}
