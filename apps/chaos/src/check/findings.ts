export const INVARIANTS = ['I1', 'I2', 'I3', 'I4', 'I5', 'I6', 'I7', 'I8', 'I9', 'I10', 'I11', 'I12', 'I13'] as const
export type Invariant = (typeof INVARIANTS)[number]

/** What a run was found to be: figures, and each violation under the invariant that it breaks. */
export class Findings {
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
  readonly #others: string[] = []

  /** Notes that an invariant was evaluated, and a violation where `holds` is false. */
  check(invariant: Invariant, holds: boolean, violation: () => string): void {
    const violations = this.#checked.get(invariant) ?? []
    this.#checked.set(invariant, violations)
    if (!holds) violations.push(violation())
  }

  /** A bar of the scenario itself. */
  expect(holds: boolean, violation: () => string): void {
    if (!holds) this.#others.push(violation())
  }

  get violations(): string[] {
    const broken = [...this.#checked].flatMap(([name, texts]) => texts.map((text) => `${name}: ${text}`))
    return [...broken, ...this.#others]
  }

  invariants(): Record<Invariant, string> {
    const entries = INVARIANTS.map((name) => {
      const violations = this.#checked.get(name)
      if (violations === undefined) return [name, 'not checked']
      return [name, violations.length === 0 ? 'ok' : violations.join('; ')]
    })
    return Object.fromEntries(entries) as Record<Invariant, string>
  }

  recoveryMs(): { p50: number; p99: number; max: number } {
    const sorted = this.recoveries.toSorted((a, b) => a - b)
    const at = (share: number) => Math.round(sorted[Math.ceil(share * sorted.length) - 1] ?? 0)
    return { p50: at(0.5), p99: at(0.99), max: at(1) }
  }
}
