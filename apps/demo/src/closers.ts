/** What a run has opened, closed in reverse, however the run ends. */
export class Closers {
  readonly #closers: (() => Promise<unknown>)[] = []
  #closing = false

  /** What comes too late, from a run that is being ended, is closed at once. */
  add(close: () => Promise<unknown>): void {
    if (this.#closing) void close().catch(() => {})
    else this.#closers.push(close)
  }

  /** Closes everything; one that fails keeps none of the others open. Resolves with what went wrong. */
  async close(): Promise<readonly unknown[]> {
    this.#closing = true
    const problems: unknown[] = []
    for (let close = this.#closers.pop(); close !== undefined; close = this.#closers.pop()) {
      await close().catch((error: unknown) => problems.push(error))
    }
    return problems
  }
}
