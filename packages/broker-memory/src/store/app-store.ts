import type { Epoch, Lane, LeaderView, StoredAuditRecord, WorkerCommand, WorkerInfo } from '@millrace/broker'
import { laneName } from '@millrace/broker'
import type { Clock } from '@millrace/core'
import { ScheduleBook } from '../schedules/schedule-book.js'
import { Bell } from './bell.js'
import { DurationBook } from './duration-book.js'
import { LaneStore } from './lane-store.js'

export interface AnnouncedWorker {
  info: WorkerInfo
  seenAt: number
  /** Number of the last command that it was given. */
  commandsSeen: number
}

/** All data of one app. */
export class AppStore {
  readonly clock: Clock
  readonly #lanes = new Map<string, LaneStore>()
  readonly #registered = new Set<LaneStore>()
  readonly workers = new Map<string, AnnouncedWorker>()
  readonly commands: { readonly number: number; readonly command: WorkerCommand; readonly at: number }[] = []
  /** Rings when a lane was registered, and when a schedule is due earlier than any other. */
  readonly newLane = new Bell()
  /** Who wants to know of commands, by worker. */
  readonly commandHearers = new Map<string, () => void>()
  lastCommand = 0
  lastIncarnation = 0
  epoch: Epoch = 0
  leader: LeaderView | undefined
  /** Newest first, at most 100. */
  pastTerms: readonly LeaderView[] = []
  /** The oldest first, at most 10,000. */
  readonly audit: StoredAuditRecord[] = []
  lastAudit = 0
  readonly signIns = new Map<string, { readonly text: string; readonly until: number }>()
  readonly schedules = new ScheduleBook()
  readonly durations = new DurationBook()

  constructor(clock: Clock) {
    this.clock = clock
  }

  /** The lane's data, made on first use. Not yet listed: see `register`. */
  lane(lane: Lane): LaneStore {
    const name = laneName(lane)
    let store = this.#lanes.get(name)
    if (store === undefined) {
      store = new LaneStore(lane, this.clock)
      this.#lanes.set(name, store)
    }
    return store
  }

  /** Lists the lane from its first write on. */
  register(store: LaneStore): void {
    if (this.#registered.has(store)) return
    this.#registered.add(store)
    this.newLane.ring()
  }

  lanes(): readonly Lane[] {
    return [...this.#registered].map((store) => store.lane)
  }
}
