import type { JobState } from '@millrace/core'
import { expect } from 'vitest'
import type { ConformanceTheme } from './conformance-case.js'
import { fail, ids, job, jobs, messageOf, retry, succeed } from './job-fixtures.js'
import { registeredWaiter } from './registered-waiter.js'
import type { Scene } from './scene.js'
import { until } from './until.js'

async function living(scene: Scene): Promise<number> {
  const { ready, suspects, due, parked, running, failed } = await scene.counts()
  return ready + suspects + due + parked + running + failed
}

/** Every id of one state, by pages of `limit`. */
async function pages(scene: Scene, state: JobState, limit: number): Promise<string[]> {
  const all: string[] = []
  let cursor: string | undefined
  for (let page = 0; page < 1_000; page++) {
    const query = cursor === undefined ? { limit } : { limit, cursor }
    const reply = await scene.broker.inspect.page(scene.lane(), state, query)
    expect(reply.jobs.length).toBeLessThanOrEqual(limit)
    for (const view of reply.jobs) {
      expect([view.ref.id, view.state]).toEqual([view.ref.id, state])
      all.push(view.ref.id)
    }
    cursor = reply.cursor
    if (cursor === undefined) return all
  }
  throw new Error('the pages never end')
}

export const inspectCases: ConformanceTheme = {
  'inspect-counts-add-up-at-every-stage': async (scene) => {
    const seat = await scene.seat()
    const stages: [() => Promise<unknown>, number][] = [
      [() => scene.put(10), 10],
      [() => scene.put([job('d', { delayMs: 60_000 }), job('p', { waitsFor: 1 }), job('u', { priority: 4 })]), 13],
      [async () => scene.settle(seat, retry(await scene.takeOne(seat), 60_000)), 13],
      [async () => scene.settle(seat, retry(await scene.takeOne(seat))), 13],
      [async () => scene.settle(seat, fail(await scene.takeOne(seat))), 13],
      [async () => scene.settle(seat, succeed(await scene.takeOne(seat))), 12],
      [async () => scene.takeAll(await scene.seat({ leaseMs: 200 }), 3), 12],
      [() => scene.reclaimUntilRunning(0), 12],
      [() => scene.broker.control.cancel(scene.ref('d')), 11],
      [() => scene.broker.control.cancel(scene.ref('p')), 10],
      [() => scene.take(seat, 5), 10],
    ]
    for (const [index, [play, expected]] of stages.entries()) {
      await play()
      expect([index, await living(scene)]).toEqual([index, expected])
    }
    expect((await scene.counts()).crashed).toBe(3)
  },

  'inspect-counts-of-a-lane-nobody-wrote-to': async (scene) => {
    expect(await scene.counts(scene.lane(9))).toMatchObject({
      ready: 0,
      suspects: 0,
      due: 0,
      parked: 0,
      running: 0,
      failed: 0,
      paused: false,
      succeeded: 0,
      oldestReadyMs: undefined,
    })
  },

  'inspect-oldest-ready-age': async (scene) => {
    await scene.put([job('old', undefined, JSON.stringify([1, 't', {}, Date.now() - 5_000]))])
    const { oldestReadyMs } = await scene.counts()
    expect(oldestReadyMs).toBeGreaterThanOrEqual(5_000)
    expect(oldestReadyMs).toBeLessThan(60_000)
  },

  'inspect-pages-list-every-job-once': async (scene) => {
    await scene.put(jobs(60, 'will-run'))
    const runner = await scene.seat()
    const running = await scene.takeAll(runner, 60)
    await scene.settle(
      runner,
      ...running.slice(0, 15).map((each) => fail(each)),
      ...running.slice(15, 35).map((each) => retry(each, 60_000)),
    )
    const ready = jobs(90, 'ready').map((each, index) =>
      job(each.id, index % 3 ? { priority: (index % 3) * 2 - 3 } : undefined),
    )
    await scene.put(ready)
    const scheduled = jobs(25, 'scheduled').map((each) => job(each.id, { delayMs: 60_000 }))
    await scene.put([...scheduled, job('parked', { waitsFor: 1 })])
    const expected: Record<string, string[]> = {
      ready: ids(ready),
      running: ids(running.slice(35)),
      failed: ids(running.slice(0, 15)),
      retrying: ids(running.slice(15, 35)),
      scheduled: [...ids(scheduled), 'parked'],
    }
    for (const [state, wanted] of Object.entries(expected)) {
      for (const limit of [7, 200]) {
        expect([state, limit, (await pages(scene, state as JobState, limit)).sort()]).toEqual([
          state,
          limit,
          wanted.sort(),
        ])
      }
    }
  },

  'inspect-page-lists-suspects-as-ready': async (scene) => {
    const put = await scene.put(5)
    await scene.takeAll(await scene.seat({ leaseMs: 150 }), 5)
    await scene.reclaimUntilRunning(0)
    await scene.put(['fresh'])
    expect((await pages(scene, 'ready', 4)).sort()).toEqual(['fresh', ...ids(put)])
  },

  'inspect-page-leaves-out-cancelled-jobs': async (scene) => {
    const put = await scene.put(20)
    for (const each of put.slice(5, 15)) await scene.broker.control.cancel(scene.ref(each.id))
    expect((await pages(scene, 'ready', 3)).sort()).toEqual(ids([...put.slice(0, 5), ...put.slice(15)]))
  },

  'inspect-page-defaults-to-fifty': async (scene) => {
    await scene.put(120)
    const page = await scene.broker.inspect.page(scene.lane(), 'ready', {})
    expect(page.jobs.length).toBe(50)
    expect(page.cursor).toBeDefined()
  },

  'inspect-job-in-each-state': async (scene) => {
    const list = [
      job('s', { delayMs: 60_000, priority: -7 }),
      job('parked', { waitsFor: 2 }),
      job('t', { priority: 9 }),
      job('f', { priority: 8 }),
      job('ok', { priority: 7 }),
      job('run', { priority: 6 }),
      'r',
      'c',
    ]
    await scene.put(list)
    const seat = await scene.seat()
    const [t, f, ok] = await scene.takeAll(seat, 4)
    if (t === undefined || f === undefined || ok === undefined) throw new Error('unreachable')
    await scene.settle(seat, retry(t, 60_000), fail(f), succeed(ok, '1', 60_000))
    const waiter = await registeredWaiter(scene, scene.ref('c'))
    await scene.broker.control.cancel(scene.ref('c'))
    await waiter.ended
    const states: Record<string, string> = {
      s: 'scheduled',
      parked: 'scheduled',
      r: 'ready',
      run: 'running',
      t: 'retrying',
      f: 'failed',
      ok: 'succeeded',
      c: 'cancelled',
      nobody: 'unknown',
    }
    for (const [id, state] of Object.entries(states)) {
      const view = await scene.view(id)
      expect([id, view.state, view.cancelAsked, view.ref]).toEqual([id, state, false, scene.ref(id)])
      if (['scheduled', 'ready', 'running', 'retrying', 'failed'].includes(state)) {
        expect(view.wire).toEqual(JSON.parse(messageOf({ id })))
      }
      const due = id === 's' || id === 't'
      expect([id, view.dueAt !== undefined]).toEqual([id, due])
      expect([id, view.failedAt !== undefined]).toEqual([id, id === 'f'])
    }
    expect((await scene.view('s')).priority).toBe(-7)
    expect((await scene.view('t')).history.length).toBe(1)
    expect((await scene.view('nobody')).wire).toBeUndefined()
  },

  'inspect-health-has-findings': async (scene) => {
    const findings = await scene.broker.inspect.health()
    expect(findings.length).toBeGreaterThan(0)
    for (const finding of findings) {
      expect(['ok', 'warning', 'error']).toContain(finding.level)
      expect(finding.code).toMatch(/^[a-z0-9-]+$/)
      expect(finding.level === 'ok' || finding.fix !== undefined).toBe(true)
    }
  },

  'broker-close-is-safe-to-repeat': async (scene) => {
    const other = await scene.another()
    await scene.put(['a'])
    await other.close()
    await other.close()
    await expect(other.producer.enqueue(scene.lane(), [job('b')], { timeoutMs: 1_000 })).rejects.toBeInstanceOf(Error)
    // What one process closes is no other's business, and nothing is lost with it.
    await until('the job to run', async () => (await scene.workOff(await scene.seat())).includes('a'))
  },
}
