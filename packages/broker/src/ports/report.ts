/** One line of a handler's log, as it is kept. */
export interface ReportLine {
  /** Ms since the epoch, by the worker's clock. */
  readonly at: number
  readonly level: string
  /** Which attempt wrote it. Starts at 1. */
  readonly attempt: number
  /** The message, and its fields as JSON behind it. */
  readonly text: string
}

/** What a handler said of its job since the update before. */
export interface ReportUpdate {
  /** The job's `enqueuedAt`: a new job of the same named id begins a new report. */
  readonly since: number
  /** The latest progress as JSON text, at most `MAX_KEPT_PROGRESS_BYTES`. Absent: none since. */
  readonly progressJson?: string
  /** Oldest first. */
  readonly lines: readonly ReportLine[]
  /** Lines of this reservation before these, those that were left out among them: by it a repeat adds none twice. */
  readonly from: number
  /** How long it is kept from now, ms. Absent: as long as a failed job. */
  readonly keepMs?: number
}

/** What is kept of what a job's handler said, in all its attempts. */
export interface JobReport {
  /** As in `ReportUpdate`. */
  readonly since: number
  readonly progress: { readonly json: string; readonly at: number } | undefined
  /** Oldest first; bounded to 16 KiB a job, the oldest go first. */
  readonly lines: readonly ReportLine[]
  /** Lines that had to go. */
  readonly dropped: number
}

/** UTF-8 bytes of one progress value. */
export const MAX_KEPT_PROGRESS_BYTES = 16_384
