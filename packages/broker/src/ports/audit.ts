/** Who did what to which, for the log that people read afterwards. Texts are bounded by who writes them; 4 KiB in all. */
export interface AuditRecord {
  /** Ms since the epoch, by the clock of who writes it. */
  readonly at: number
  readonly who: string
  readonly role: string | null
  readonly action: string
  readonly on: string
  /** Address of the client. */
  readonly from: string
  readonly outcome: 'done' | 'refused' | 'failed'
  readonly detail: string
}

export interface StoredAuditRecord extends AuditRecord {
  /** The store's; in the order of writing. */
  readonly id: string
}

export interface AuditPage {
  /** The newest first. */
  readonly records: readonly StoredAuditRecord[]
  /** Opaque; absent on the last page. */
  readonly cursor: string | undefined
}
