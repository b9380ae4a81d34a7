import type { Coordinator, Term } from '../coordinator.js'
import { until } from './until.js'

export interface CandidateOptions {
  readonly coordinator: Coordinator
  readonly name: string
  readonly candidate: string
  readonly ttlMs: number
}

/** A candidate that leads until it is told otherwise, and remembers what it saw. */
export class Candidate {
  readonly terms: Term[] = []
  readonly seen: number[] = []
  readonly faults: unknown[] = []
  readonly ended: Promise<void>
  readonly name: string
  /** How often the state was read before a try. */
  looks = 0
  /** Terms whose `onTerm` has not settled. */
  running = 0
  #finishTerm: (() => void) | undefined
  readonly #stop = new AbortController()

  constructor(options: CandidateOptions) {
    this.name = options.candidate
    this.ended = options.coordinator.elect<number>(options.name, {
      candidate: options.candidate,
      ttlMs: options.ttlMs,
      signal: this.#stop.signal,
      beforeCampaign: async () => {
        this.looks += 1
        return this.looks
      },
      onTerm: (term, seen) => this.#lead(term, seen),
      onFault: (error) => this.faults.push(error),
    })
  }

  get term(): Term | undefined {
    return this.terms.at(-1)
  }

  leads(): boolean {
    return this.term?.trusted() ?? false
  }

  async untilLeads(withinMs?: number): Promise<Term> {
    await until(`${this.name} to lead`, () => this.leads(), withinMs)
    return this.terms.at(-1) as Term
  }

  /** Lets the running `onTerm` return. */
  finishTerm(): void {
    this.#finishTerm?.()
  }

  async stop(): Promise<void> {
    this.#stop.abort()
    await this.ended
  }

  async #lead(term: Term, seen: number): Promise<void> {
    this.terms.push(term)
    this.seen.push(seen)
    this.running += 1
    await new Promise<void>((resolve) => {
      this.#finishTerm = resolve
      if (term.signal.aborted) resolve()
      term.signal.addEventListener('abort', () => resolve())
    })
    this.running -= 1
  }
}
