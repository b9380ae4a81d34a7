import { inspect } from 'node:util'
import type { EnqueuedJob } from './enqueued-job.js'
import { matches } from './matches.js'

/** A task as an assertion takes it: its name, and what callers of it give. */
export interface TaskOf<Input> {
  readonly name: string
  enqueueMany(inputs: readonly Input[]): unknown
}

export interface Expectation {
  readonly task: { readonly name: string }
  readonly input: unknown
  /** How many exactly; `undefined`: one at least. */
  readonly times: number | undefined
  readonly not: boolean
}

export interface Found {
  /** Of the task, with the input. */
  readonly matching: readonly EnqueuedJob[]
  readonly ofTask: readonly EnqueuedJob[]
  readonly others: readonly EnqueuedJob[]
}

const SHOWN = 10

export function findEnqueued(
  jobs: readonly EnqueuedJob[],
  wanted: { readonly task: { readonly name: string }; readonly input: unknown; readonly hasInput: boolean },
): Found {
  const ofTask = jobs.filter((job) => job.task === wanted.task.name)
  return {
    matching: wanted.hasInput ? ofTask.filter((job) => matches(job.input, wanted.input)) : ofTask,
    ofTask,
    others: jobs.filter((job) => job.task !== wanted.task.name),
  }
}

/** What was expected, and everything that was enqueued instead. */
export function wantedText(found: Found, { task, input, times, not }: Expectation): string {
  const count = times === undefined ? (not ? 'no job' : 'a job') : `${not ? 'not ' : ''}${times} jobs`
  const having = input === undefined ? '' : ` with ${shown(input)}`
  return [
    `expected ${count} of ${task.name}${having} to be enqueued, found ${found.matching.length}`,
    ...listOf(found.ofTask, `of ${task.name}, ${found.ofTask.length} were enqueued`),
    ...(found.others.length === 0 ? [] : [`of other tasks: ${talliesOf(found.others)}`]),
  ].join('\n')
}

function listOf(jobs: readonly EnqueuedJob[], heading: string): string[] {
  const lines = jobs.slice(0, SHOWN).map(({ input, readyAt }) => {
    return `  ${shown(input)}${readyAt === undefined ? '' : ` (ready at ${readyAt.toISOString()})`}`
  })
  const more = jobs.length > SHOWN ? [`  and ${jobs.length - SHOWN} more`] : []
  return [`${heading}${jobs.length === 0 ? '' : ':'}`, ...lines, ...more]
}

function talliesOf(jobs: readonly EnqueuedJob[]): string {
  const counts = new Map<string, number>()
  for (const { task } of jobs) counts.set(task, (counts.get(task) ?? 0) + 1)
  return [...counts].map(([task, count]) => (count === 1 ? task : `${task} × ${count}`)).join(', ')
}

function shown(value: unknown): string {
  return inspect(value, { depth: 5, breakLength: 120, compact: true })
}
