import { describeValue, hideCredentials } from './describe-value.js'
import { brandError, MillraceError } from './millrace-error.js'

/** Others held the lock for as long as the caller would wait. Nothing was run under it. */
export class LockNotWonError extends MillraceError {
  declare readonly code: 'LOCK_NOT_WON'
  readonly key: string
  readonly waitMs: number

  static {
    brandError(LockNotWonError, 'LockNotWonError')
  }

  constructor(detail: { readonly key: string; readonly waitMs: number }) {
    super(
      'LOCK_NOT_WON',
      `The lock ${describeValue(detail.key)} is held by another and was not free within ${detail.waitMs} ms: try later, or wait longer.`,
    )
    this.key = detail.key
    this.waitMs = detail.waitMs
  }
}

/** Another job holds the unique key: `holder` is its id. Nothing was written. */
export class UniqueConflictError extends MillraceError {
  declare readonly code: 'UNIQUE_CONFLICT'
  readonly key: string
  readonly holder: string

  static {
    brandError(UniqueConflictError, 'UniqueConflictError')
  }

  constructor(detail: { readonly key: string; readonly holder: string }) {
    super(
      'UNIQUE_CONFLICT',
      `The unique key ${describeValue(detail.key)} is held by job ${detail.holder}: wait for it to end, or enqueue with onConflict: 'return'.`,
    )
    this.key = detail.key
    this.holder = detail.holder
  }
}

const MAX_IDS_SHOWN = 3

/** A call whose fate stays unknown. Calling again with the same `ids` is safe. */
export class OutcomeUnknownError extends MillraceError {
  declare readonly code: 'OUTCOME_UNKNOWN'
  readonly ids: readonly string[]

  static {
    brandError(OutcomeUnknownError, 'OutcomeUnknownError')
  }

  /** `what`: the call, e.g. `enqueue of 3 jobs on mail/0`. */
  constructor(detail: { readonly what: string; readonly ids?: readonly string[]; readonly cause?: unknown }) {
    const ids = detail.ids ?? []
    const named = ids.slice(0, MAX_IDS_SHOWN).join(', ') + (ids.length > MAX_IDS_SHOWN ? ', …' : '')
    super(
      'OUTCOME_UNKNOWN',
      `Outcome unknown: ${detail.what} may or may not have taken effect; calling again with the same id is safe${named === '' ? '' : ` (${named})`}.`,
      detail,
    )
    this.ids = ids
  }
}

/** The broker could not be reached in time; the call surely did nothing. */
export class BrokerUnavailableError extends MillraceError {
  declare readonly code: 'BROKER_UNAVAILABLE'

  static {
    brandError(BrokerUnavailableError, 'BrokerUnavailableError')
  }

  /** `what`: the call or the trouble, e.g. `enqueue timed out after 10,000 ms`. Credentials in `address` are hidden. */
  constructor(detail: { readonly what: string; readonly address?: string | undefined; readonly cause?: unknown }) {
    const at = detail.address === undefined ? '' : ` at ${hideCredentials(detail.address)}`
    const why = detail.cause instanceof Error ? ` (${hideCredentials(detail.cause.message.slice(0, 200))})` : ''
    super(
      'BROKER_UNAVAILABLE',
      `Broker${at} unavailable: ${detail.what}${why}; nothing was done: check that it runs and can be reached, then try again.`,
      detail,
    )
  }
}

/** The broker has no memory left for new jobs; nothing was written. */
export class BrokerFullError extends MillraceError {
  declare readonly code: 'BROKER_FULL'

  static {
    brandError(BrokerFullError, 'BrokerFullError')
  }

  constructor(
    detail: { readonly what?: string; readonly address?: string | undefined; readonly cause?: unknown } = {},
  ) {
    const at = detail.address === undefined ? '' : ` at ${hideCredentials(detail.address)}`
    const what = detail.what === undefined ? '' : ` (${detail.what})`
    super(
      'BROKER_FULL',
      `The broker${at} is out of memory and takes no new jobs${what}: raise maxmemory, add workers, or purge queues that nobody drains.`,
      detail,
    )
  }
}

/** The broker cannot keep the promises. */
export class BrokerUnfitError extends MillraceError {
  declare readonly code: 'BROKER_UNFIT'

  static {
    brandError(BrokerUnfitError, 'BrokerUnfitError')
  }

  /** `what`: what is wrong with it; `fix`: what to change. Each a clause without a final full stop. */
  constructor(detail: { readonly what: string; readonly fix: string; readonly cause?: unknown }) {
    super('BROKER_UNFIT', `The broker is unfit: ${detail.what}: ${detail.fix}.`, detail)
  }
}

/** The stored data has another layout than this release reads. Nothing was read or written. */
export class LayoutMismatchError extends MillraceError {
  declare readonly code: 'LAYOUT_MISMATCH'
  readonly found: string | number
  readonly expected: string | number

  static {
    brandError(LayoutMismatchError, 'LayoutMismatchError')
  }

  constructor(detail: { readonly found: string | number; readonly expected: string | number }) {
    super(
      'LAYOUT_MISMATCH',
      `The stored data has layout ${detail.found}, this release reads layout ${detail.expected}: run one release everywhere, or drain the queues before changing over.`,
    )
    this.found = detail.found
    this.expected = detail.expected
  }
}

/** A dispatcher's write was refused: its term is over. `epoch` is its own, `seen` the newer one. */
export class StaleEpochError extends MillraceError {
  declare readonly code: 'STALE_EPOCH'
  readonly epoch: number
  readonly seen: number

  static {
    brandError(StaleEpochError, 'StaleEpochError')
  }

  constructor(detail: { readonly epoch: number; readonly seen: number }) {
    super(
      'STALE_EPOCH',
      `Epoch ${detail.epoch} is stale, epoch ${detail.seen} was seen: another dispatcher leads, stop this term.`,
    )
    this.epoch = detail.epoch
    this.seen = detail.seen
  }
}

/** A worker's lease on a lane has ended; its jobs go to others. */
export class LeaseLostError extends MillraceError {
  declare readonly code: 'LEASE_LOST'
  readonly lane: string
  readonly incarnation: string | undefined

  static {
    brandError(LeaseLostError, 'LeaseLostError')
  }

  /** `lane`: as `laneName` writes it. */
  constructor(detail: { readonly lane: string; readonly incarnation?: string | undefined }) {
    const who = detail.incarnation === undefined ? '' : ` of ${detail.incarnation}`
    super('LEASE_LOST', `The lease${who} on lane ${detail.lane} was lost: stop its handlers and join again.`)
    this.lane = detail.lane
    this.incarnation = detail.incarnation
  }
}
