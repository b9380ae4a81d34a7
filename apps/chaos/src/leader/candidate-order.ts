/** What a candidate process is told, through its environment. */
export interface CandidateOrder {
  readonly app: string
  readonly url: string
  /** How long its term outlives it, ms. */
  readonly ttlMs: number
  /** The file of its term ledger. */
  readonly ledger: string
}

/** What it is told while it runs. */
export type CandidateCommand =
  /** Lead for so many ms without asking the coordinator. */
  | { readonly kind: 'usurp'; readonly ms: number }
  /** Freeze between the next check of the term and the write that it allowed. */
  | { readonly kind: 'freeze-at-write' }
  /** Not any more. */
  | { readonly kind: 'stay-awake' }

/** What it tells. */
export type CandidateReport = 'ready' | 'awake'
