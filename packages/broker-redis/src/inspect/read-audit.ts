import type { AuditPage, AuditRecord, CallOptions } from '@millrace/broker'
import { InvalidOptionError } from '@millrace/core'
import type { Engine } from '../engine.js'
import { appKey } from '../keyspace.js'

const DEFAULT_PAGE = 50
const MAX_PAGE = 200

/** A page of the audit log, the newest first. The cursor is the id of the last record shown. */
export async function readAudit(
  { keyspace, link }: Engine,
  query: { readonly limit?: number; readonly cursor?: string },
  options: CallOptions = {},
): Promise<AuditPage> {
  const limit = Math.min(MAX_PAGE, Math.max(1, query.limit ?? DEFAULT_PAGE))
  const { cursor } = query
  if (cursor !== undefined && !/^\d{1,20}-\d{1,20}$/.test(cursor)) {
    throw new InvalidOptionError({ option: 'cursor', found: cursor, expected: 'a cursor of an earlier page' })
  }
  const from = cursor === undefined ? '+' : `(${cursor}`
  const range = [appKey(keyspace, 'audit'), from, '-', 'COUNT', String(limit + 1)]
  const call = { what: () => 'read of the audit log', ...options }
  const rows = (await link.command('xrevrange', range, call)) as [string, string[]][]
  const shown = rows.slice(0, limit)
  return {
    records: shown.flatMap(([id, fields]) => {
      const record = parse(fields[1] ?? '')
      return record === undefined ? [] : [{ ...record, id }]
    }),
    cursor: rows.length > limit ? shown.at(-1)?.[0] : undefined,
  }
}

/** What another release wrote and this one cannot read is left out. */
function parse(text: string): AuditRecord | undefined {
  try {
    return JSON.parse(text) as AuditRecord
  } catch {
    return undefined
  }
}
