import type { AuditRecord } from '@millrace/monitor'
import type { ApiContext } from './api-context.js'

const MAX_TEXT = 500

/** Writes what somebody did, or tried to do. An action stands even where the log cannot be written: that is told to the server's log. */
export async function recordAction({ app, clock, watch }: ApiContext, record: Omit<AuditRecord, 'at'>): Promise<void> {
  const bounded = (text: string) => text.slice(0, MAX_TEXT)
  try {
    await app.control.recordAudit({
      ...record,
      at: clock.now(),
      who: bounded(record.who),
      on: bounded(record.on),
      from: bounded(record.from),
      detail: bounded(record.detail),
    })
    watch.touched('audit')
  } catch (error) {
    app.logger.error({ err: error, action: record.action, who: bounded(record.who) }, 'the audit log cannot be written')
  }
}
