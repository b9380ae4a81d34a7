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
export function shareOf(claim: Claim, rivalry: Rivalry, total: { slots: number; strict: boolean }): number {
  if (total.strict) return rivalry.firstRank < claim.rank ? 0 : total.slots
  const weights = claim.maybe ? rivalry.weights : rivalry.weights + claim.weight
  return Math.ceil((total.slots * claim.weight) / weights)
}

/** What lanes compete for a worker's slots, counted once for all of them: a worker may serve hundreds. */
export interface Rivalry {
  /** Of the lanes that may have work, together. */
  readonly weights: number
  /** Of the first lane that may have work; infinite where none may. */
  readonly firstRank: number
}

export function rivalryOf(claims: readonly Claim[]): Rivalry {
  let weights = 0
  let firstRank = Number.POSITIVE_INFINITY
  for (const { maybe, weight, rank } of claims) {
    if (!maybe) continue
    weights += weight
    if (rank < firstRank) firstRank = rank
  }
  return { weights, firstRank }
}
