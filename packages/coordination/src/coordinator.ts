/**
 * Gives locks and elections to processes that share a coordination store. What it gives is a strong hint, not a proof: a
 * process can be stopped between its last check and its write. Whoever writes under a term also carries a fencing token.
 */
export interface Coordinator {
  /** `redlock`, `memory`, … */
  readonly kind: string
  /**
   * Campaigns for `name` until `options.signal` aborts, then resolves. Each time the lock is won, runs `onTerm` and holds the
   * lock until that promise settles or the term is lost; then campaigns again. Never runs two `onTerm` of one call at once:
   * a lost term's `onTerm` has to settle before the next campaign. Faults of the store never reject it (see `onFault`).
   *
   * Rejects with `InvalidOptionError` for a bad option, `BrokerUnavailableError` when the coordinator is closed.
   */
  elect<Seen>(name: string, options: ElectOptions<Seen>): Promise<void>
  /**
   * Takes the lock `key` and renews it until it is released or lost.
   *
   * Rejects with `LockNotWonError` when others held it for `waitMs`, with `BrokerUnavailableError` when too few servers
   * answered in that time, with `InvalidOptionError` for a bad option, with the signal's reason when `signal` aborts.
   */
  lock(key: string, options: LockOptions): Promise<Lock>
  /**
   * Ends every election and lock of this coordinator (releasing what is held) and closes its connections. Resolves in
   * bounded time, also when no server answers. Safe to repeat.
   */
  close(): Promise<void>
}

export interface ElectOptions<Seen> {
  /**
   * How long, in ms, the lock outlives its last renewal: the bound of a failover after a crash. Default 8,000; at least 200,
   * at most 86,400,000. Renewed every third of it.
   */
  readonly ttlMs?: number
  /** Names this candidate in logs and monitors. Not its identity: that is random per process and per term. */
  readonly candidate: string
  /** Ends the campaign. A running term's signal aborts; the lock is released when its `onTerm` has settled. */
  readonly signal: AbortSignal
  /**
   * Runs before each try at the lock; what it resolves to goes to `onTerm`. Read here what must be known from before the lock
   * was won (the last epoch). A rejection skips this try.
   */
  beforeCampaign(): Promise<Seen>
  /** The term's work. Must settle soon after `term.signal` aborts. Settling gives the lock back; a rejection is a fault. */
  onTerm(term: Term, seen: Seen): Promise<void>
  /** Told of what went wrong and was survived: unreachable servers, failed renewals, rejections of the two functions above. */
  onFault?(error: unknown): void
}

/** One period of leadership. */
export interface Term {
  readonly candidate: string
  /** 1, 2, 3…: the terms that this coordinator has won in this process. Not a fencing token. */
  readonly number: number
  /**
   * A fencing token, which grows from holder to holder: a store that remembers the largest can refuse older ones. An integer; docs/COORDINATION.md
   * says how far each driver can promise it.
   */
  readonly token: number
  /** Aborts before the lock could have expired, when the lock is known to be lost, and when the campaign ends. */
  readonly signal: AbortSignal
  /**
   * Whether the lock is surely still held, by the monotonic clock at this moment. Ask right before every write: after a
   * freeze (SIGSTOP, a long collection) timers are late and `signal` has not aborted yet; this knows.
   */
  trusted(): boolean
  /** Gives the lock back and wakes the other candidates. Aborts `signal`. Never rejects; safe to repeat. */
  resign(): Promise<void>
}

export interface LockOptions {
  /** As in `ElectOptions`, but without a default: ms, 200 to 86,400,000. */
  readonly ttlMs: number
  /** How long to try, in ms. Default 0: one try. */
  readonly waitMs?: number
  /** Gives up the wait. Has no effect once the lock is won. */
  readonly signal?: AbortSignal
}

export interface Lock extends AsyncDisposable {
  readonly key: string
  /** A fencing token, as in `Term`: to be sent along with every write that the lock guards. */
  readonly token: number
  /** Aborts before the lock could have expired, when it is known to be lost, and on release. */
  readonly signal: AbortSignal
  /** Gives the lock back; never touches one that another has taken since. Never rejects; safe to repeat. */
  release(): Promise<void>
}
