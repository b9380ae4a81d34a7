import type { ForeignRival } from '../foreign-rival.js'
import type { Rival } from '../rival.js'
import type { Installed } from './installed.js'

/** What the bench knows of a rival before it loads its harness. */
export interface RivalEntry {
  readonly name: string
  readonly store: 'redis' | 'postgres'
  installed(): Installed
  /** What it does not take part in, by scenario, with the reason to print. */
  readonly skips?: Readonly<Record<string, string>>
  /** Why no producer gets a job's result. Absent: it does. */
  readonly noResults?: string
  /** The most jobs that it works off in a bearable time, by scenario. */
  readonly atMost?: Readonly<Record<string, number>>
  load(): Promise<Rival | ForeignRival>
}
