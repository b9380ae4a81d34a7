/** Runs work one after the other; refuses (`undefined`) what would wait behind too many. */
export class OneAtATime {
  #waiting = 0
  #last: Promise<unknown> = Promise.resolve()

  constructor(private readonly maxWaiting: number) {}

  run<Result>(work: () => Promise<Result>): Promise<Result> | undefined {
    if (this.#waiting >= this.maxWaiting) return undefined
    this.#waiting += 1
    const done = this.#last.then(work, work)
    this.#last = done.then(
      () => this.#left(),
      () => this.#left(),
    )
    return done
  }

  #left(): void {
    this.#waiting -= 1
  }
}
