import { type Evidence, some } from './evidence.js'
import type { Findings } from './findings.js'

/** I8: epochs only grow, each belongs to one leader, and no lane knows one that was never minted. */
export function checkStoredTerms({ app, lane }: Evidence, findings: Findings): void {
  const { terms } = app
  if (terms.length === 0) return
  // Newest first, as the store keeps them.
  const shrinking = terms.filter(({ epoch }, i) => i > 0 && epoch >= (terms[i - 1]?.epoch ?? 0n))
  findings.check('I8', shrinking.length === 0, () => {
    const epochs = shrinking.map(({ epoch }) => String(epoch))
    return `${epochs.length} epochs did not grow, e.g. ${some(epochs)}`
  })
  const leaders = new Map<bigint, Set<string>>()
  for (const { epoch, leader } of [...terms, ...app.termsSeen]) {
    leaders.set(epoch, (leaders.get(epoch) ?? new Set()).add(leader))
  }
  const shared = [...leaders].filter(([, names]) => names.size > 1).map(([epoch]) => String(epoch))
  findings.check('I8', shared.length === 0, () => `${shared.length} epochs had several leaders, e.g. ${some(shared)}`)
  const known = BigInt(lane.meta.epoch ?? '0')
  findings.check(
    'I8',
    known <= (terms[0]?.epoch ?? 0n),
    () => `the lane has seen epoch ${known}, which was never minted: the newest is ${terms[0]?.epoch}`,
  )
  findings.details.terms = leaders.size
}
