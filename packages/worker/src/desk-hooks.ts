import type { Reservation } from '@millrace/broker'
import type { Runner } from './execute/runner.js'
import type { Hold } from './hold.js'
import type { DeskHooks } from './reserve/desk-setup.js'
import type { LaneDesk } from './reserve/lane-desk.js'
import type { LateSettler } from './settle/late-settler.js'
import type { Stages } from './stages.js'

/** Who hears what happens at a desk. */
export interface DeskAudience {
  /** There from the first call on. */
  readonly stages: () => Stages
  readonly runner: Runner
  readonly late: LateSettler
  /** Verdicts that were refused or given up. */
  refused(hold: Hold, reservations: readonly Reservation[]): void
  /** A call of the lane failed, or (`undefined`) the first one after that was answered. */
  health(lane: string, error: unknown): void
  changed(): void
}

/** Tells each stage of a run what happened at a desk that concerns it. */
export function deskHooks({ stages, runner, late, ...run }: DeskAudience): DeskHooks<LaneDesk> {
  return {
    joined: (_desk, hold) => stages().keeper.watch(hold),
    answered: (desk, hold, answer) => {
      stages().keeper.renewed(hold)
      runner.accept(hold, answer.reply)
      stages().loop.answered(desk, answer)
      run.changed()
    },
    handed: (desk, hold, reservations) => {
      runner.accept(hold, { reservations, cancelled: [] })
      stages().loop.handed(desk, reservations.length)
    },
    lost: (desk, hold, fenced) => {
      stages().keeper.forget(hold)
      runner.drop(hold)
      stages().loop.lost(desk)
      if (!fenced) void late.add(hold)
      run.changed()
    },
    settled: (settlements) => {
      if (!runner.aloneHere) return
      for (const { reservation } of settlements) runner.settledAlone(reservation)
    },
    refused: (hold, reservations) => run.refused(hold, reservations),
    health: (desk, error) => {
      run.health(desk.name, error)
      if (error !== undefined) stages().loop.failed(desk)
      run.changed()
    },
    changed: () => run.changed(),
  }
}
