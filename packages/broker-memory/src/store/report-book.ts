import type { JobReport, ReportLine, ReportUpdate } from '@millrace/broker'

const KEPT_MS = 7 * 24 * 60 * 60 * 1_000
const MAX_REPORTS = 10_000
const LINES_BYTES = 16 * 1024

interface StoredReport {
  readonly report: JobReport
  /** The reservation that wrote last, and how many lines it has said. */
  readonly token: string
  readonly said: number
  readonly until: number
}

/** What the handlers of one lane said of their jobs, by id. */
export class ReportBook {
  readonly #reports = new Map<string, StoredReport>()
  /** How often one was written. */
  writes = 0

  write(job: { readonly id: string; readonly token: string; readonly now: number }, update: ReportUpdate): void {
    const { id, token, now } = job
    const stored = this.#reports.get(id)
    const known = stored?.report.since === update.since ? stored : undefined
    const said = known?.token === token ? known.said : 0
    const { progressJson } = update
    const { lines, dropped } = bounded([
      ...(known?.report.lines ?? []),
      ...update.lines.slice(Math.max(0, said - update.from)),
    ])
    const report = {
      since: update.since,
      progress: progressJson === undefined ? known?.report.progress : { json: progressJson, at: now },
      lines,
      dropped: (known?.report.dropped ?? 0) + Math.max(0, update.from - said) + dropped,
    }
    this.#reports.delete(id)
    this.#reports.set(id, {
      report,
      token,
      said: Math.max(said, update.from + update.lines.length),
      until: now + (update.keepMs ?? KEPT_MS),
    })
    this.writes += 1
    const oldest = this.#reports.size > MAX_REPORTS ? this.#reports.keys().next().value : undefined
    if (oldest !== undefined) this.#reports.delete(oldest)
  }

  read(id: string, now: number): JobReport | undefined {
    const stored = this.#reports.get(id)
    return stored !== undefined && stored.until > now ? stored.report : undefined
  }

  forget(id: string): void {
    this.#reports.delete(id)
  }

  trim(now: number): void {
    for (const [id, { until }] of this.#reports) if (until <= now) this.#reports.delete(id)
  }
}

function bounded(all: readonly ReportLine[]): { readonly lines: readonly ReportLine[]; readonly dropped: number } {
  let bytes = 0
  let first = all.length
  while (first > 0) {
    bytes += Buffer.byteLength(JSON.stringify(all[first - 1]))
    if (bytes > LINES_BYTES) break
    first -= 1
  }
  return { lines: all.slice(first), dropped: first }
}
