import type { EffectLedger } from '../check/effect-ledger.js'
import type { ChaosTasks } from './chaos-tasks.js'

/** Gives the tasks their handlers: each puts its execution on record before it does anything else. */
export function handleChaosTasks(tasks: ChaosTasks, ledger: EffectLedger): void {
  tasks.noop.handle(async (_input, ctx) => {
    await ledger.begin(ctx)
  })
  tasks.kept.handle(async (_input, ctx) => {
    await ledger.begin(ctx)
    return ctx.token
  })
  tasks.slow.handle(async ({ ms, stubborn = false }, ctx) => {
    await ledger.begin(ctx)
    await lasting(ms, stubborn ? undefined : ctx.signal)
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
