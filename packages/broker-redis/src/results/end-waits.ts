import { KeyedRoster } from '@millrace/core'
import type { EndWait } from './end-wait.js'

/** Pending waits are read again this often, whatever pub/sub says. */
const REREAD_MS = 5_000
const NONE: readonly EndWait[] = []

/** The waits of this process, by channel and job. While there is one they keep the process alive, and are read again now and then. */
export class EndWaits {
  readonly #byKey = new KeyedRoster<string, readonly EndWait[]>()
  readonly #reread: (wait: EndWait) => void
  #rereader: NodeJS.Timeout | undefined

  constructor(reread: (wait: EndWait) => void) {
    this.#reread = reread
  }

  of(key: string): readonly EndWait[] {
    return this.#byKey.get(key) ?? NONE
  }

  add(wait: EndWait): void {
    const { key } = wait
    const others = this.#byKey.get(key)
    this.#byKey.set(key, others === undefined ? [wait] : [...others, wait])
    if (this.#rereader === undefined) this.#rereader = setInterval(() => this.#turn(), REREAD_MS)
    else if (this.#byKey.size === 1) this.#rereader.ref()
  }

  remove(wait: EndWait): void {
    const { key } = wait
    const left = this.of(key).filter((other) => other !== wait)
    if (left.length > 0) this.#byKey.set(key, left)
    else if (this.#byKey.delete(key) && this.#byKey.size === 0) this.#rereader?.unref()
  }

  /** Something may have been missed. */
  rereadAll(): void {
    for (const [first] of this.#byKey.values()) if (first !== undefined) this.#reread(first)
  }

  close(): void {
    clearInterval(this.#rereader)
    this.#rereader = undefined
  }

  /** A timer that finds nobody goes: waits that come one after the other share one. */
  #turn(): void {
    if (this.#byKey.size === 0) this.close()
    else this.rereadAll()
  }
}
