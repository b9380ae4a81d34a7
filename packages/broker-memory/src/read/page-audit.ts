import type { AuditPage, StoredAuditRecord } from '@millrace/broker'
import { InvalidOptionError } from '@millrace/core'

const DEFAULT_PAGE = 50
const MAX_PAGE = 200

/** Cursor: the id of the last record shown. `log`: the oldest first. */
export function pageAudit(
  log: readonly StoredAuditRecord[],
  { limit = DEFAULT_PAGE, cursor }: { readonly limit?: number; readonly cursor?: string },
): AuditPage {
  const before = cursor === undefined ? Number.POSITIVE_INFINITY : Number(cursor)
  if (Number.isNaN(before))
    throw new InvalidOptionError({ option: 'cursor', found: cursor, expected: 'a cursor of an earlier page' })
  const size = Math.min(MAX_PAGE, Math.max(1, limit))
  const older = log.filter((record) => Number(record.id) < before).reverse()
  const records = older.slice(0, size)
  return { records, cursor: older.length > size ? records.at(-1)?.id : undefined }
}
