/** A lane as the sharing of slots sees it. */
export interface Claim {
  readonly weight: number
  /** Earlier ones come first where the order is strict. */
  readonly rank: number
  /** May have work: asked at the next chance. */
  readonly maybe: boolean
  /** Slots that its jobs take, running, waiting or asked for. */
  readonly taken: number
}

/**
 * How many slots a lane may take in all: its weight's part among the lanes that may have work, rounded up, so that
 * even the lightest gets one. Strict: all of them, or none while an earlier lane may have work.
 */
export function shareOf(
  claim: Claim,
  claims: readonly Claim[],
  total: { readonly slots: number; readonly strict: boolean },
): number {
  if (total.strict) return claims.some((other) => other.maybe && other.rank < claim.rank) ? 0 : total.slots
  let weights = 0
  for (const other of claims) if (other.maybe || other === claim) weights += other.weight
  return Math.ceil((total.slots * claim.weight) / weights)
}
