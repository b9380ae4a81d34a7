/** One partition of a queue. All its keys live together on one node of the store. */
export interface Lane {
  readonly queue: string
  /** 0-based. */
  readonly index: number
}

/** Where one job is found. */
export interface JobRef {
  readonly lane: Lane
  readonly id: string
}

/** The text form used in logs and as a map key: `queue/index`. */
export function laneName(lane: Lane): string {
  return `${lane.queue}/${lane.index}`
}
