import { expect } from 'vitest'
import type { AuditRecord } from '../ports/audit.js'
import type { ConformanceTheme } from './conformance-case.js'

function record(on: string): AuditRecord {
  return {
    at: 1_700_000_000_000,
    who: 'ada',
    role: null,
    action: 'job.retry',
    on,
    from: '::1',
    outcome: 'done',
    detail: '',
  }
}

export const auditCases: ConformanceTheme = {
  'audit-is-empty-before-the-first-record': async (scene) => {
    expect(await scene.broker.inspect.audit({})).toEqual({ records: [], cursor: undefined })
  },

  'audit-the-newest-first-in-pages-seen-by-every-broker-of-the-app': async (scene) => {
    const names = ['a', 'b', 'c', 'd', 'e']
    for (const name of names) await scene.broker.control.recordAudit(record(name))
    const { inspect } = await scene.another()
    const seen: string[] = []
    let cursor: string | undefined
    do {
      const page = await inspect.audit(cursor === undefined ? { limit: 2 } : { limit: 2, cursor })
      expect(page.records.length).toBeLessThanOrEqual(2)
      for (const { id, ...rest } of page.records) {
        expect(id).not.toBe('')
        expect(rest).toEqual(record(rest.on))
        seen.push(rest.on)
      }
      cursor = page.cursor
    } while (cursor !== undefined)
    expect(seen).toEqual(names.toReversed())
  },
}
