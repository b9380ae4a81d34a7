import type { Dose, Operation } from '../operations/operation.js'
import type { SeededRandom } from './seeded-random.js'

/** A line of a scenario's table: an operation, and how long it may last. */
export interface KindOfFault {
  readonly operation: Operation
  /** From … to, ms. */
  readonly lastsMs: readonly [number, number]
}

/** A fault to come. */
export interface PlannedFault extends Dose {
  readonly operation: Operation
  /** After the fault before it is over and work goes on. */
  readonly afterMs: number
}

export interface FaultTable {
  readonly kinds: readonly KindOfFault[]
  /** Between two faults, from … to, ms. */
  readonly everyMs: readonly [number, number]
}

/** The schedule of a run, whole before it starts: the same seed gives the same one. Every kind comes up once before any comes twice. */
export function planFaults(random: SeededRandom, count: number, { kinds, everyMs }: FaultTable): PlannedFault[] {
  const plan: PlannedFault[] = []
  let deck: KindOfFault[] = []
  for (let n = 0; n < count; n++) {
    if (deck.length === 0) deck = [...kinds]
    const [kind] = deck.splice(Math.floor(random.next() * deck.length), 1)
    if (kind === undefined) throw new Error('a plan of faults needs a kind of fault')
    plan.push({
      operation: kind.operation,
      afterMs: Math.round(random.between(...everyMs)),
      lastsMs: Math.round(random.between(...kind.lastsMs)),
      choice: random.next(),
    })
  }
  return plan
}
