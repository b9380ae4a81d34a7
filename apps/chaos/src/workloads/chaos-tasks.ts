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
}

export interface SlowInput {
  readonly ms: number
  /** Goes on when its signal aborts: what a zombie does. */
  readonly stubborn?: boolean
}

const KEPT = { queue: QUEUE, results: { keep: '1h' } } as const

export function defineChaosTasks(app: App): ChaosTasks {
  return {
    noop: app.define('chaos.noop', { queue: QUEUE }) as unknown as ChaosTasks['noop'],
    kept: app.define('chaos.kept', KEPT) as unknown as ChaosTasks['kept'],
    slow: app.define('chaos.slow', KEPT) as unknown as ChaosTasks['slow'],
    blocking: app.define('chaos.blocking', KEPT) as unknown as ChaosTasks['blocking'],
    poison: app.define('chaos.poison', { queue: QUEUE }) as unknown as ChaosTasks['poison'],
  }
}
