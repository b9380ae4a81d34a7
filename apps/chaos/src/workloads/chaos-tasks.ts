import type { App, Task } from 'millrace'

export const QUEUE = 'chaos'

/** The tasks of every workload, as producers and workers share them. */
export interface ChaosTasks {
  /** Does nothing, keeps nothing: the ordinary job. */
  readonly noop: Task<number>
  /** Does nothing and returns its token, which is kept: the end of each job can be read one by one. */
  readonly kept: Task<number, number, string, string>
  /** Takes its time, then returns its token. */
  readonly slow: Task<SlowInput, SlowInput, string, string>
  /** Blocks its thread for so many ms, then returns its token. */
  readonly blocking: Task<number, number, string, string>
  /** Ends its process. */
  readonly poison: Task<number>
  /** Throws at every attempt. */
  readonly failing: Task<number>
  /** Throws at all attempts but the last. */
  readonly retrying: Task<number, number, string, string>
  /** Has its effect in a store that compares tokens, then returns its token. */
  readonly fenced: Task<FencedInput, FencedInput, string, string>
  /** A link of a chain. */
  readonly step: Task<StepInput, StepInput, StepOutput, StepOutput>
  /** What a chord ends in. */
  readonly body: Task<BodyInput, BodyInput, string, string>
  /** What a schedule calls. */
  readonly tick: Task<unknown, unknown, string, string>
}

export interface SlowInput {
  readonly ms: number
  /** How long it lasts where it has crashed before. Default: `ms`. */
  readonly msAfterCrash?: number
  /** Goes on when its signal aborts: what a zombie does. */
  readonly stubborn?: boolean
  /** What its producer knows it by. */
  readonly key?: string
}

export interface FencedInput {
  readonly key: string
  /** Before the effect. */
  readonly ms: number
}

export interface StepInput {
  readonly key: string
  /** Tokens of the steps before it. */
  readonly before?: readonly string[]
}

export interface StepOutput {
  readonly token: string
  readonly before: readonly string[]
}

export interface BodyInput {
  readonly key: string
  readonly results: readonly string[]
}

export const RETRY_ATTEMPTS = 3
export const CHORD_MEMBERS = 3

const KEPT = { queue: QUEUE, results: { keep: '1d' } } as const
const SOON = { kind: 'fixed', delay: 50 } as const

export function defineChaosTasks(app: App): ChaosTasks {
  return {
    noop: app.define('chaos.noop', { queue: QUEUE }),
    kept: app.define('chaos.kept', KEPT),
    slow: app.define('chaos.slow', KEPT),
    blocking: app.define('chaos.blocking', KEPT),
    poison: app.define('chaos.poison', { queue: QUEUE }),
    failing: app.define('chaos.failing', { queue: QUEUE, retry: { attempts: 2, backoff: SOON } }),
    retrying: app.define('chaos.retrying', { ...KEPT, retry: { attempts: RETRY_ATTEMPTS, backoff: SOON } }),
    fenced: app.define('chaos.fenced', KEPT),
    step: app.define('chaos.step', KEPT),
    body: app.define('chaos.body', KEPT),
    tick: app.define('chaos.tick', KEPT),
    // Without schemas the compiler knows no types; the harness writes both ends.
  } as unknown as ChaosTasks
}
