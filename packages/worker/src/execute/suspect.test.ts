import { BrokerUnavailableError } from '@millrace/core'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { until, WorkerScene } from '../../test/worker-scene.js'

let scene: WorkerScene
beforeEach(() => {
  scene = new WorkerScene()
})
afterEach(() => scene.close())

it('notes a job that crashed before with the broker before its handler is entered, and no other job', async () => {
  const seen: [string, number, readonly string[]][] = []
  scene.task('t', (_input, ctx) => {
    seen.push([ctx.jobId, ctx.crashes, [...scene.store.begun]])
  })
  const fresh = scene.enqueue('t')
  const suspect = scene.enqueue('t', null, { crashes: 1 })
  await scene.started()
  await until('both settled', () => scene.store.settled.length === 2)
  expect(seen).toEqual([
    [fresh, 0, []],
    [suspect, 1, [suspect]],
  ])
})

it('tries a suspect again when nobody knows whether the note was taken', async () => {
  let entered = 0
  scene.task('t', () => {
    entered += 1
  })
  const suspect = scene.enqueue('t', null, { crashes: 1 })
  scene.store.faults.push({ call: 'begin', fault: { loseReply: () => new Error('unheard') } })
  await scene.started()
  await until('settled', () => scene.verdicts(suspect).includes('succeed'))
  // The first time nobody knew whether the note was taken: put back, uncounted, and handed out again.
  expect([entered, scene.verdicts(suspect)]).toEqual([1, ['release', 'succeed']])
})

it('puts a suspect back, uncounted, when the broker takes no note', async () => {
  let entered = 0
  scene.task('t', () => {
    entered += 1
  })
  const suspect = scene.enqueue('t', null, { crashes: 2, alone: true })
  scene.store.faults.push({ call: 'begin', fault: { reject: () => new BrokerUnavailableError({ what: 'begin' }) } })
  await scene.started()
  await until('settled', () => scene.verdicts(suspect).includes('succeed'))
  expect([entered, scene.verdicts(suspect)]).toEqual([1, ['release', 'succeed']])
})

it('enters no handler when the suspect was taken away before the note', async () => {
  const entered: string[] = []
  scene.task('t', (_input, ctx) => {
    entered.push(ctx.jobId)
  })
  const suspect = scene.enqueue('t', null, { crashes: 1 })
  scene.store.faults.push({ call: 'begin', fault: { before: () => scene.store.forget(suspect) } })
  await scene.started()
  await until('refused', () => scene.kinds().includes('lost'))
  const next = scene.enqueue('t')
  await until('the next settled', () => scene.verdicts(next).length === 1)
  expect(entered).toEqual([next])
})
