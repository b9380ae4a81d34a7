import type { WorkerCommand } from '@millrace/broker'

/** What can be ordered from a worker from afar. */
export interface Orderly {
  setReserving(reserving: boolean): void
  stop(): void
  resize(size: unknown): void
  /** Shows monitors what came of it. */
  announce(): void
}

/** Does what a command says. A worker that is told to stop shows that by itself. */
export function obeyCommand(command: WorkerCommand, worker: Orderly): void {
  switch (command.kind) {
    case 'quiet':
    case 'resume':
      worker.setReserving(command.kind === 'resume')
      break
    case 'stop':
      worker.stop()
      return
    case 'resize':
      worker.resize(command.size)
      break
    case 'ping':
      break
  }
  worker.announce()
}
