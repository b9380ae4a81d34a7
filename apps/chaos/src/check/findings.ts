export const INVARIANTS = ['I1', 'I2', 'I3', 'I4', 'I5', 'I6', 'I7', 'I8', 'I9', 'I10', 'I11', 'I12', 'I13'] as const
export type Invariant = (typeof INVARIANTS)[number]

/** Why an invariant that no checker has looked at was not looked at. */
const UNASKED: Partial<Record<Invariant, string>> = {
  I5: 'no handler of this run has its effect under the fence',
  I8: 'the store names no term: nobody has led',
  I9: 'nothing is scheduled in this run',
  I10: 'no order is promised in this run: no chain, chord, delay or single worker',
}

/** What a run was found to be: figures, and each violation under the invariant that it breaks. */
export class Findings {
  /** That producers have enqueued. */
  jobs = 0
  lost = 0
  stuck = 0
  unexpected = 0
  settledTwice = 0
  effectsRepeated = 0
  staleRefused = 0
  /** Ms from a fault to the moment when what it hit went on. */
  readonly recoveries: number[] = []
  readonly details: Record<string, unknown> = {}
  readonly #checked = new Map<Invariant, string[]>()
  readonly #skipped = new Map<Invariant, string>()

  /** Notes that an invariant was evaluated, and a violation where `holds` is false. A scenario's own bar goes to what it is a case of. */
  check(invariant: Invariant, holds: boolean, violation: () => string): void {
    const violations = this.#checked.get(invariant) ?? []
    this.#checked.set(invariant, violations)
    if (!holds) violations.push(violation())
  }

  /** Says why an invariant cannot be judged in this run. Violations found by others still count. */
  skip(invariant: Invariant, why: string): void {
    this.#skipped.set(invariant, why)
  }

  /** A run whose faults missed proves nothing, and must not pass. Throws. */
  prove(holds: boolean, missed: string): void {
    if (!holds) throw new Error(`the run proves nothing: ${missed}`)
  }

  get violations(): string[] {
    return [...this.#checked].flatMap(([name, texts]) => texts.map((text) => `${name}: ${text}`))
  }

  /** 'ok', what broke it, or 'n/a' with the reason. */
  invariants(): Record<Invariant, string> {
    return Object.fromEntries(INVARIANTS.map((name) => [name, this.#verdict(name)])) as Record<Invariant, string>
  }

  recoveryMs(): { p50: number; p99: number; max: number } {
    const sorted = this.recoveries.toSorted((a, b) => a - b)
    const at = (share: number) => Math.round(sorted[Math.ceil(share * sorted.length) - 1] ?? 0)
    return { p50: at(0.5), p99: at(0.99), max: at(1) }
  }

  #verdict(name: Invariant): string {
    const violations = this.#checked.get(name)
    if (violations !== undefined && violations.length > 0) return violations.join('; ')
    const skipped = this.#skipped.get(name)
    if (skipped !== undefined) return `n/a: ${skipped}`
    return violations === undefined ? `n/a: ${UNASKED[name] ?? 'the scenario does not look at it'}` : 'ok'
  }
}
