import type { Logger } from '@millrace/core'

/** Keeps what is logged: `level message`. */
export class RecordingLogger implements Logger {
  readonly lines: string[] = []
  readonly trace = this.#method('trace')
  readonly debug = this.#method('debug')
  readonly info = this.#method('info')
  readonly warn = this.#method('warn')
  readonly error = this.#method('error')
  readonly fatal = this.#method('fatal')

  child(): Logger {
    return this
  }

  #method(level: string): (first: object | string, second?: string) => void {
    return (first, second) => {
      this.lines.push(`${level} ${typeof first === 'string' ? first : (second ?? '')}`)
    }
  }
}
