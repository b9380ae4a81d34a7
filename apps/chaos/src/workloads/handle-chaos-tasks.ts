import { Fatal } from 'millrace'
import type { EffectLedger } from '../check/effect-ledger.js'
import { CHORD_MEMBERS, type ChaosTasks, RETRY_ATTEMPTS } from './chaos-tasks.js'

/** The store outside the queue in which a handler has its effect. */
export interface EffectStore {
  /** Resolves when the store has it or has refused it. */
  apply(effect: { readonly key: string; readonly jobId: string; readonly token: string }): Promise<void>
}

/** Gives the tasks their handlers: each puts its execution on record before it does anything else. */
export function handleChaosTasks(tasks: ChaosTasks, ledger: EffectLedger, store: EffectStore): void {
  tasks.noop.handle(async (_input, ctx) => {
    await ledger.begin(ctx)
  })
  tasks.kept.handle(async (_input, ctx) => {
    await ledger.begin(ctx)
    return ctx.token
  })
  tasks.slow.handle(async ({ ms, msAfterCrash = ms, stubborn = false, key }, ctx) => {
    await ledger.begin(ctx, key)
    await lasting(ctx.crashes > 0 ? msAfterCrash : ms, stubborn ? undefined : ctx.signal)
    await ledger.end(ctx)
    return ctx.token
  })
  tasks.blocking.handle(async (ms, ctx) => {
    await ledger.begin(ctx)
    const until = performance.now() + ms
    while (performance.now() < until);
    await ledger.end(ctx)
    return ctx.token
  })
  tasks.poison.handle(async (_input, ctx) => {
    await ledger.begin(ctx)
    process.abort()
  })
  tasks.failing.handle(async (_input, ctx) => {
    await ledger.begin(ctx)
    throw new Error('as it always does')
  })
  tasks.retrying.handle(async (_input, ctx) => {
    await ledger.begin(ctx)
    if (ctx.attempt < RETRY_ATTEMPTS) throw new Error('not yet')
    return ctx.token
  })
  tasks.fenced.handle(async ({ key, ms }, ctx) => {
    await ledger.begin(ctx, key)
    // A zombie goes on and meets the fence.
    await lasting(ms, undefined)
    await store.apply({ key, jobId: ctx.jobId, token: ctx.token })
    await ledger.end(ctx)
    return ctx.token
  })
  tasks.step.handle(async ({ key, before = [] }, ctx) => {
    await ledger.begin(ctx, key)
    await ledger.end(ctx)
    return { token: ctx.token, before: [...before, ctx.token] }
  })
  tasks.body.handle(async ({ key, results }, ctx) => {
    await ledger.begin(ctx, key)
    if (results.length !== CHORD_MEMBERS) throw new Fatal(`the body ran with ${results.length} results`)
    await ledger.end(ctx)
    return ctx.token
  })
  tasks.tick.handle(async (_input, ctx) => {
    const at = Date.parse(ctx.headers['millrace-tick'] ?? '')
    await ledger.begin(ctx, `tick/${ctx.headers['millrace-schedule']}/${at}`)
    return ctx.token
  })
}

function lasting(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', abort)
      resolve()
    }, ms)
    const abort = () => {
      clearTimeout(timer)
      reject(signal?.reason)
    }
    if (signal?.aborted) abort()
    else signal?.addEventListener('abort', abort, { once: true })
  })
}
