import { beforeAll, describe, expect, test } from 'vitest'
import { createToken } from '../src/auth/api-tokens.js'
import type { DashboardUser } from '../src/auth/users.js'
import { mayDo, type Permission, ROLES } from '../src/contract/index.js'
import { cookieOf, usersOfEachRole } from './sign-in.js'
import { openStage } from './stage.js'

let users: DashboardUser[]
beforeAll(async () => {
  users = await usersOfEachRole()
})

const ACTIONS: readonly [Permission, string, object][] = [
  ['job.retry', '/jobs/a/actions', { action: 'retry' }],
  ['job.cancel', '/jobs/a/actions', { action: 'cancel' }],
  ['job.discard', '/jobs/a/actions', { action: 'discard' }],
  ['job.promote', '/jobs/a/actions', { action: 'promote' }],
  ['job.postpone', '/jobs/a/actions', { action: 'postpone' }],
  ['job.retry', '/operations', { action: 'retry', target: { kind: 'query', query: 'state:failed' } }],
  ['job.discard', '/operations', { action: 'discard', target: { kind: 'jobs', jobs: [{ id: 'a', queue: 'q' }] } }],
  ['job.cancel', '/operations/x/stop', {}],
  ['queue.pause', '/queues/q/pause', {}],
  ['queue.resume', '/queues/q/resume', {}],
  ['queue.purge', '/queues/q/purge', {}],
  ['worker.quiet', '/workers/quiet', { workers: ['w'] }],
  ['worker.resume', '/workers/resume', { workers: ['w'] }],
  ['worker.resize', '/workers/resize', { workers: ['w'], size: 3 }],
  ['worker.stop', '/workers/stop', { workers: ['w'] }],
  ['schedule.pause', '/schedules/s/pause', {}],
  ['schedule.resume', '/schedules/s/resume', {}],
  ['schedule.run', '/schedules/s/run', {}],
]

describe('roles × actions', () => {
  test.each(ROLES)('%s', async (role) => {
    await using stage = openStage({ users })
    const cookie = await cookieOf(stage, role)
    for (const [permission, path, body] of ACTIONS) {
      const { status } = await stage.ask(path, { body, headers: { cookie } })
      expect([permission, path, status === 403]).toEqual([permission, path, !mayDo(role, permission)])
    }
    expect((await stage.ask('/audit', { headers: { cookie } })).status).toBe(role === 'admin' ? 200 : 403)
    expect((await stage.ask('/jobs', { headers: { cookie } })).status).toBe(200)
  })

  test('what was refused is in the log', async () => {
    await using stage = openStage({ users })
    await stage.ask('/queues/q/purge', { body: {}, headers: { cookie: await cookieOf(stage, 'viewer') } })
    const cookie = await cookieOf(stage, 'admin')
    const { entries } = await stage.get('audit', '/audit', { headers: { cookie } })
    expect(entries.find(({ action }) => action === 'queue.purge')).toMatchObject({ who: 'viewer', outcome: 'refused' })
  })
})

describe('tokens', () => {
  const { token, stored } = createToken('deploy', ['queue.pause'])
  const bearer = (text: string) => ({ authorization: `Bearer ${text}`, 'sec-fetch-site': undefined })

  test('may what their scope says, without a browser', async () => {
    await using stage = openStage({ users, tokens: [stored] })
    expect((await stage.ask('/queues/q/pause', { body: {}, headers: bearer(token) })).status).toBe(404)
    expect((await stage.ask('/queues/q/resume', { body: {}, headers: bearer(token) })).status).toBe(403)
    expect((await stage.ask('/queues', { headers: bearer(token) })).status).toBe(200)
    expect((await stage.ask('metrics', { headers: bearer(token) })).status).toBe(200)
  })

  test.each([`${token}x`, token.slice(0, -1), stored.tokenHash, 'mrt_', 'x'])('%s is nobody', async (text) => {
    await using stage = openStage({ users, tokens: [stored] })
    expect((await stage.ask('/queues', { headers: bearer(text) })).status).toBe(401)
  })
})
