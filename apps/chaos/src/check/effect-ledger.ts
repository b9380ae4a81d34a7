import { openSync, writeSync } from 'node:fs'

/** Kept before any fault can move the clock of this process. */
const now = Date.now

/** What a handler knows of its execution. */
export interface Execution {
  readonly jobId: string
  readonly attempt: number
  readonly crashes: number
  readonly token: string
}

/**
 * The append-only file of one worker process: every execution, before and after its effect. Lines are written together,
 * one `write` per turn of the event loop, and `begin` resolves only once its line is in the file: a handler that awaits it
 * cannot be settled before it is on record. What a kernel has taken survives the kill of the process.
 *
 * Lines: `B id attempt crashes token pid ms key`, `E id token pid ms`, `L id attempt pid ms` (a verdict was refused).
 */
export class EffectLedger {
  readonly #file: number
  #lines = ''
  #written: Promise<void> | undefined

  constructor(path: string) {
    this.#file = openSync(path, 'a')
  }

  /** `key`: what the job's producer knows it by. */
  begin({ jobId, attempt, crashes, token }: Execution, key = ''): Promise<void> {
    return this.#append(`B ${jobId} ${attempt} ${crashes} ${token} ${process.pid} ${now()} ${key}\n`)
  }

  end({ jobId, token }: Execution): Promise<void> {
    return this.#append(`E ${jobId} ${token} ${process.pid} ${now()}\n`)
  }

  refused(jobId: string, attempt: number): void {
    void this.#append(`L ${jobId} ${attempt} ${process.pid} ${now()}\n`)
  }

  /** Writes what waits, now: for a handler that is about to end its process or to block its thread. */
  flush(): void {
    const lines = this.#lines
    this.#lines = ''
    this.#written = undefined
    if (lines !== '') writeSync(this.#file, lines)
  }

  #append(line: string): Promise<void> {
    this.#lines += line
    this.#written ??= new Promise((resolve) => {
      setImmediate(() => {
        this.flush()
        resolve()
      })
    })
    return this.#written
  }
}
