import { expect } from 'vitest'
import type { Reservation } from '../ports/consumer.js'
import type { ReportLine, ReportUpdate } from '../ports/report.js'
import type { ConformanceTheme } from './conformance-case.js'
import { fail, retry, succeed } from './job-fixtures.js'
import { until } from './until.js'

const SINCE = 1_700_000_000_000

function line(text: string, attempt = 1): ReportLine {
  return { at: SINCE + 1, level: 'info', attempt, text }
}

function said(reservation: Reservation, update: Partial<ReportUpdate> & { readonly texts?: readonly string[] }) {
  const { texts = [], ...rest } = update
  const lines = texts.map((text) => line(text, reservation.attemptsUsed + 1))
  return { reservation, update: { since: SINCE, from: 0, lines, ...rest } }
}

const texts = (report: { readonly lines: readonly ReportLine[] } | undefined) => report?.lines.map(({ text }) => text)

export const reportCases: ConformanceTheme = {
  'report-is-nothing-before-anything-was-said': async (scene) => {
    await scene.put(['a'])
    expect(await scene.broker.inspect.report(scene.ref('a'))).toBeUndefined()
    expect((await scene.counts()).reports).toBe(0)
  },

  'report-keeps-the-latest-progress-and-every-line': async (scene) => {
    await scene.put(['a', 'b'])
    const seat = await scene.seat()
    const [a, b] = (await scene.take(seat, 2)) as [Reservation, Reservation]
    const hostile = '<script>x</script> \n\u2028 日本 "quoted"'
    expect(
      await seat.report([
        said(a, { progressJson: '{"done":1}', texts: ['first', hostile] }),
        said(b, { texts: ['of b'] }),
      ]),
    ).toEqual([true, true])
    expect(await seat.report([said(a, { progressJson: '{"done":2}', texts: ['third'], from: 2 })])).toEqual([true])
    const { inspect } = await scene.another()
    const report = await inspect.report(scene.ref('a'))
    expect(report).toMatchObject({ since: SINCE, progress: { json: '{"done":2}' }, dropped: 0 })
    expect(report?.lines).toEqual([line('first'), line(hostile), line('third')])
    expect(texts(await inspect.report(scene.ref('b')))).toEqual(['of b'])
    expect((await inspect.report(scene.ref('b')))?.progress).toBeUndefined()
    expect((await scene.counts()).reports).toBe(3)
  },

  'report-repeated-adds-no-line-twice': async (scene) => {
    await scene.put(['a'])
    const seat = await scene.seat()
    const a = await scene.takeOne(seat)
    const first = said(a, { texts: ['1', '2'] })
    await seat.report([first])
    await seat.report([first])
    await seat.report([said(a, { texts: ['2', '3'], from: 1 })])
    expect(texts(await scene.broker.inspect.report(scene.ref('a')))).toEqual(['1', '2', '3'])
  },

  'report-goes-on-in-the-next-attempt': async (scene) => {
    await scene.put(['a'])
    const seat = await scene.seat()
    const a = await scene.takeOne(seat)
    await seat.report([said(a, { texts: ['one'] })])
    await scene.settle(seat, retry(a))
    await scene.promote()
    const again = await scene.takeOne(seat)
    await seat.report([said(again, { texts: ['two'] })])
    const report = await scene.broker.inspect.report(scene.ref('a'))
    expect(report?.lines).toEqual([line('one', 1), line('two', 2)])
  },

  'report-of-a-reservation-that-is-not-held-is-refused': async (scene) => {
    await scene.put(['a'])
    const seat = await scene.seat()
    const a = await scene.takeOne(seat)
    await seat.report([said(a, { texts: ['held'] })])
    await scene.settle(seat, retry(a))
    expect(await seat.report([said(a, { texts: ['late'], from: 1 })])).toEqual([false])
    await scene.promote()
    const other = await scene.seat()
    const b = await scene.takeOne(other)
    expect(await seat.report([said(b, { texts: ['not mine'] })])).toEqual([false])
    expect(await other.report([said(a, { texts: ['old token'] }), said(b, { texts: ['mine'] })])).toEqual([false, true])
    expect(texts(await scene.broker.inspect.report(scene.ref('a')))).toEqual(['held', 'mine'])
  },

  'report-on-a-seat-that-left-rejects': async (scene) => {
    await scene.put(['a'])
    const seat = await scene.seat()
    const a = await scene.takeOne(seat)
    await seat.leave()
    await expect(seat.report([said(a, { texts: ['late'] })])).rejects.toMatchObject({ code: 'LEASE_LOST' })
    expect(await scene.broker.inspect.report(scene.ref('a'))).toBeUndefined()
  },

  'report-lines-are-bounded-the-oldest-go-first': async (scene) => {
    await scene.put(['a'])
    const seat = await scene.seat()
    const a = await scene.takeOne(seat)
    const all = Array.from({ length: 60 }, (_, index) => `${index} ${'x'.repeat(900)}`)
    for (let from = 0; from < all.length; from += 20)
      await seat.report([said(a, { texts: all.slice(from, from + 20), from })])
    const report = await scene.broker.inspect.report(scene.ref('a'))
    const kept = texts(report) ?? []
    expect(kept.length).toBeGreaterThan(10)
    expect(JSON.stringify(report).length).toBeLessThan(20_000)
    expect(kept).toEqual(all.slice(-kept.length))
    expect(report?.dropped).toBe(all.length - kept.length)
    await seat.report([said(a, { texts: ['after a gap'], from: 65 })])
    const later = await scene.broker.inspect.report(scene.ref('a'))
    expect(later?.lines.at(-1)?.text).toBe('after a gap')
    expect((later?.dropped ?? 0) + (later?.lines.length ?? 0)).toBe(66)
  },

  'report-of-another-job-of-the-same-id-begins-anew': async (scene) => {
    await scene.put(['a'])
    const seat = await scene.seat()
    const a = await scene.takeOne(seat)
    await seat.report([said(a, { progressJson: '1', texts: ['of the first'] })])
    await scene.settle(seat, succeed(a))
    await scene.put(['a'])
    const b = await scene.takeOne(seat)
    await seat.report([said(b, { texts: ['of the second'], since: SINCE + 7 })])
    const report = await scene.broker.inspect.report(scene.ref('a'))
    expect(report).toMatchObject({ since: SINCE + 7, progress: undefined, dropped: 0 })
    expect(texts(report)).toEqual(['of the second'])
  },

  'report-is-kept-for-as-long-as-asked': async (scene) => {
    await scene.put(['a'])
    const seat = await scene.seat()
    const a = await scene.takeOne(seat)
    await seat.report([said(a, { texts: ['short'], keepMs: 50 })])
    await scene.settle(seat, succeed(a))
    const gone = async () => (await scene.broker.inspect.report(scene.ref('a'))) === undefined
    await until('the report to expire', gone)
  },

  'report-goes-with-a-discarded-job': async (scene) => {
    await scene.put(['a'])
    const seat = await scene.seat()
    const a = await scene.takeOne(seat)
    await seat.report([said(a, { texts: ['why'] })])
    await scene.settle(seat, fail(a))
    expect(texts(await scene.broker.inspect.report(scene.ref('a')))).toEqual(['why'])
    expect(await scene.broker.control.discard(scene.ref('a'))).toBe('discarded')
    expect(await scene.broker.inspect.report(scene.ref('a'))).toBeUndefined()
  },

  'report-sent-before-an-exchange-is-done-before-it': async (scene) => {
    const seat = await scene.seat()
    for (let round = 0; round < 20; round++) {
      await scene.put([`r-${round}`])
      const held = await scene.takeOne(seat)
      const report = seat.report([said(held, { texts: ['last words'], keepMs: 60_000 })])
      const settled = scene.settle(seat, succeed(held))
      expect([round, await report]).toEqual([round, [true]])
      await settled
    }
  },
}
