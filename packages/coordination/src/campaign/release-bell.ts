import type { ReleaseWatch } from './lock-store.js'

/** A `ReleaseWatch` that others ring. A ring before `wait` is kept, so none is missed between a failed try and the wait. */
export class ReleaseBell implements ReleaseWatch {
  #rung = false
  #wake: (() => void) | undefined
  readonly #onClose: () => void

  constructor(onClose: () => void) {
    this.#onClose = onClose
  }

  ring(): void {
    this.#rung = true
    this.#wake?.()
  }

  reset(): void {
    this.#rung = false
  }

  wait(ms: number, signal: AbortSignal): Promise<boolean> {
    if (this.#rung || signal.aborted) return Promise.resolve(this.#rung)
    return new Promise((resolve) => {
      const finish = (): void => {
        clearTimeout(timer)
        signal.removeEventListener('abort', finish)
        this.#wake = undefined
        resolve(this.#rung)
      }
      const timer = setTimeout(finish, ms)
      signal.addEventListener('abort', finish)
      this.#wake = finish
    })
  }

  close(): void {
    this.#onClose()
  }
}
