import type { Logger } from '@millrace/core'
import { escapedText } from './escaped-text.js'
import { printNote } from './output/print.js'

/** A long-running part of a command. */
export interface Running {
  readonly logger: Logger
  start(): Promise<void>
  /** Ends it gently; called again meanwhile: at once. */
  stop(): Promise<void>
  /** Resolves when it has ended by itself. */
  stopped(): Promise<void>
  /** Logs the error and stops. */
  onFatal(error: unknown): Promise<void>
}

/**
 * Runs until a signal, an order, or an error that escaped from everything. The first SIGTERM or SIGINT drains, the second
 * puts back at once, the third ends the process. Resolves with the exit status: 1 after an escaped error.
 */
export async function untilStopped(running: Running): Promise<number> {
  let status = 0
  let signals = 0
  let ending: Promise<void> | undefined
  let wake: () => void = () => undefined
  const woken = new Promise<void>((resolve) => {
    wake = resolve
  })
  const end = (stopping: Promise<void>) => {
    ending ??= stopping
    wake()
  }
  const onSignal = (signal: NodeJS.Signals) => {
    signals += 1
    if (signals > 2) process.exit(1)
    running.logger.info({ signal }, signals === 1 ? 'stopping: what runs may finish' : 'stopping at once')
    end(running.stop())
  }
  const onEscaped = (error: unknown, kind: 'exception' | 'rejection') => {
    status = 1
    printNote(`error: ${escapedText(error, kind)}`)
    // A second stop would cut the drain under way short.
    if (ending !== undefined) running.logger.fatal({ err: error }, 'an error escaped while stopping')
    else end(running.onFatal(error))
  }
  process.on('SIGTERM', onSignal).on('SIGINT', onSignal)
  const onException = (error: unknown) => onEscaped(error, 'exception')
  const onRejection = (error: unknown) => onEscaped(error, 'rejection')
  process.on('uncaughtException', onException).on('unhandledRejection', onRejection)
  try {
    await Promise.race([running.start(), woken])
    await Promise.race([running.stopped(), woken])
    await (ending ?? running.stop())
    return status
  } finally {
    process.off('uncaughtException', onException).off('unhandledRejection', onRejection)
    process.off('SIGTERM', onSignal).off('SIGINT', onSignal)
  }
}
