import { NotOffered } from './measure/void-figure.js'
import { reportFigures, type SideOutcome, withBases } from './report/figure-report.js'
import type { FigureReport } from './report/report.js'
import type { RivalEntry } from './rivals/rival-entry.js'
import type { Measured, Scenario, Trial } from './scenario.js'
import type { Sides } from './sides.js'

export interface RunPlan {
  readonly scenarios: readonly Scenario[]
  /** They take turns in this order. */
  readonly sides: Sides
  readonly runs: number
  /** Multiplies the workloads' sizes. */
  readonly scale: number
  /** Ends the run in the middle of a turn. */
  readonly signal: AbortSignal
  /** Told each turn's end, and now and then how far a long one is, in one line. */
  readonly say: (line: string) => void
  /** Told each scenario's end, with all figures so far. */
  readonly onScenario: (figures: readonly FigureReport[]) => void
}

/** The run was ended by its signal: what is measured so far was told to `onScenario`. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted'
}

/** The least that a workload is scaled down to. */
const MIN_COUNT = 10
/** Between two lines that say how far a turn is. */
const PROGRESS_EVERY_MS = 5_000

/**
 * Runs every scenario. Sides, and scenarios that are compared with each other, take turns within each run, so that an hour
 * of a slow machine is shared by all. Rejects with `Interrupted`.
 */
export async function runScenarios(plan: RunPlan): Promise<FigureReport[]> {
  const outcomes = new Map<Scenario, Outcomes>()
  let reports: FigureReport[] = []
  for (const group of groupsOf(plan.scenarios)) {
    await runGroup(group, plan, outcomes)
    const done = plan.scenarios.filter((scenario) => outcomes.has(scenario))
    reports = withBases(
      done,
      done.flatMap((scenario) => reportFigures(scenario, outcomes.get(scenario) as Outcomes)),
    )
    plan.onScenario(reports)
  }
  return reports
}

type Outcomes = ReadonlyMap<string, SideOutcome>

function groupsOf(scenarios: readonly Scenario[]): Scenario[][] {
  return [...Map.groupBy(scenarios, ({ name, base }) => base ?? name).values()]
}

async function runGroup(group: readonly Scenario[], plan: RunPlan, outcomes: Map<Scenario, Outcomes>): Promise<void> {
  const books = new Map(group.map((scenario) => [scenario, openBook(scenario, plan.sides.entries)]))
  for (let run = 1; run <= plan.runs; run++) {
    for (const [scenario, book] of inTurn([...books], run)) {
      for (const rival of inTurn(plan.sides.entries, run)) {
        if (book.failed.has(rival.name)) continue
        const title = `${scenario.name} ${run}/${plan.runs} ${rival.name}`
        const begun = performance.now()
        const turn = await takeTurn(scenario, { rival, title, plan })
        const took = `${((performance.now() - begun) / 1000).toFixed(1)} s`
        if (typeof turn === 'string') book.failed.set(rival.name, turn)
        else book.measured.get(rival.name)?.push(turn)
        plan.say(`${title}: ${describeTurn(scenario, turn)} [${took}]`)
      }
    }
  }
  for (const [scenario, book] of books) outcomes.set(scenario, outcomesOf(book))
}

/** There in one run, back in the next: who is first on a machine that was at rest is not always the same. */
function inTurn<T>(list: readonly T[], run: number): readonly T[] {
  return run % 2 === 1 ? list : list.toReversed()
}

interface Book {
  readonly measured: ReadonlyMap<string, Measured[]>
  /** Why a side has no figure: it does not take part, or one of its runs was void. */
  readonly failed: Map<string, string>
}

function openBook(scenario: Scenario, entries: readonly RivalEntry[]): Book {
  const failed = new Map<string, string>()
  for (const { name, skips } of entries) {
    const why = skips?.[scenario.name]
    if (why !== undefined) failed.set(name, why)
  }
  return { measured: new Map(entries.map(({ name }) => [name, []])), failed }
}

function outcomesOf({ measured, failed }: Book): Outcomes {
  const outcomes = new Map<string, SideOutcome>()
  for (const [side, values] of measured) {
    const reason = failed.get(side)
    outcomes.set(side, reason === undefined ? { measured: values } : { reason })
  }
  return outcomes
}

interface Turn {
  readonly rival: RivalEntry
  readonly title: string
  readonly plan: RunPlan
}

/** What was measured, or why nothing was. */
async function takeTurn(scenario: Scenario, turn: Turn): Promise<Measured | string> {
  const interruption = interruptionOf(turn.plan.signal)
  let capped: number | undefined
  const atMost = turn.rival.atMost?.[scenario.name] ?? Number.POSITIVE_INFINITY
  const trial: Trial = {
    rival: turn.rival,
    count(full) {
      const wanted = Math.max(MIN_COUNT, Math.round(full * turn.plan.scale))
      if (wanted > atMost) capped = atMost
      return Math.min(wanted, atMost)
    },
    openStore: turn.plan.sides.storeFor(turn.rival),
    progress: reporter(turn),
    interrupted: interruption.promise,
  }
  try {
    const measured = await scenario.measure(trial)
    return capped === undefined ? measured : { ...measured, details: { jobs: capped, ...measured.details } }
  } catch (error) {
    if (error instanceof Interrupted) throw error
    if (error instanceof NotOffered) return error.message
    // Whatever else went wrong: hours of other figures are not thrown away for it.
    return `void: ${error instanceof Error ? error.message : String(error)}`
  } finally {
    interruption.dispose()
  }
}

function reporter({ title, plan }: Turn): (text: string) => void {
  let saidAt = performance.now()
  return (text) => {
    const now = performance.now()
    if (now - saidAt < PROGRESS_EVERY_MS) return
    saidAt = now
    plan.say(`${title}: ${text} …`)
  }
}

function interruptionOf(signal: AbortSignal): { readonly promise: Promise<never>; dispose(): void } {
  const { promise, reject } = Promise.withResolvers<never>()
  const onAbort = () => reject(new Interrupted('interrupted'))
  // Outside a stage nobody waits for it.
  promise.catch(() => undefined)
  if (signal.aborted) onAbort()
  else signal.addEventListener('abort', onAbort, { once: true })
  return { promise, dispose: () => signal.removeEventListener('abort', onAbort) }
}

function describeTurn(scenario: Scenario, turn: Measured | string): string {
  if (typeof turn === 'string') return turn
  const parts = scenario.figures.flatMap(({ key, unit }) => {
    const value = turn.values[key]
    return value === undefined ? [] : [`${key === '' ? '' : `${key} `}${Number(value.toPrecision(4))} ${unit}`]
  })
  const { jobs } = turn.details ?? {}
  return parts.join(', ') + (jobs === undefined ? '' : ` (of ${jobs.toLocaleString('en-US')} jobs)`)
}
