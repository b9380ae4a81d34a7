import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { shopOnRedis } from './shop-on-redis.js'
import { until } from './until.js'

describe.skipIf(process.env['MILLRACE_TEST_REDIS'] === 'none')('long-running commands', () => {
  const shop = shopOnRedis()
  const { cli, monitor, start } = shop

  const worker = async (...args: string[]) => {
    const started = start('worker', ...args)
    await started.printed('worker running')
    // What is ordered before that is not meant for it.
    await until('its announcement', async () => (await monitor().workers()).some(({ pid }) => pid === started.pid))
    return started
  }
  const enqueue = async (...args: string[]) => (await cli('enqueue', ...args)).stdout.trim()
  const stateOf = async (id: string) => (await monitor().job(id))?.state
  const isRunning = (id: string) => until(`${id} to run`, async () => (await stateOf(id)) === 'running')

  test('a worker runs the tasks of the module, decorated ones too', async () => {
    await worker()
    const sum = await cli('enqueue', 'math.add', '{"x":2,"y":3}', '--wait', '--timeout', '30s')
    expect(sum).toMatchObject({ status: 0, stdout: '5\n', stderr: '' })
    const next = await cli('enqueue', 'counter.next', '{"step":2}', '--wait', '--json', '--timeout', '30s')
    expect(next).toMatchObject({ status: 0, stdout: '42\n' })
    const failed = await cli('enqueue', 'math.fail', '--wait', '--timeout', '30s')
    expect(failed).toMatchObject({ status: 1, stdout: '' })
    expect(failed.stderr).toMatch(/^error: Job .* failed after 1 attempt: TypeError: no luck\. See millrace job /)
  })

  test('workers, leader, ping and doctor see it', async () => {
    const process = await worker('--concurrency', '7')
    await until('a leader', async () => (await monitor().leader()) !== null)
    const [view] = JSON.parse((await cli('workers', '--json')).stdout) as Record<string, unknown>[]
    expect(view).toMatchObject({ pid: process.pid, concurrency: 7, state: 'running', queues: ['default', 'slow'] })
    expect((await cli('workers')).stdout).toMatch(/^WORKER +STATE +RUNNING/)
    expect(JSON.parse((await cli('leader', '--json')).stdout)).toMatchObject({ pid: process.pid, endedAt: null })
    const pinged = await cli('ping', '--all', '--timeout', '30s')
    expect(pinged.stdout).toMatch(/after \d/)
    expect(pinged.status).toBe(0)
    const doctor = await cli('doctor')
    expect(doctor.stdout).toMatch(/^ok +workers: 1 running/m)
    expect(doctor.stdout).toMatch(/^ok +leader: /m)
  })

  test('serves the queues that it is told to, and warns of one that no task uses', async () => {
    const process = await worker('--queues', 'slow:3,defualt')
    expect(process.lines()).toContainEqual(
      expect.objectContaining({ level: 40, msg: 'no task uses queue defualt, did you mean default?' }),
    )
    expect(await monitor().workers()).toMatchObject([{ queues: ['slow', 'defualt'] }])
  })

  test.each(['SIGTERM', 'SIGINT'] as const)('%s: what runs finishes, status 0', async (signal) => {
    const process = await worker()
    const file = join(shop.folder, signal)
    const id = await enqueue('file.await', JSON.stringify({ file }))
    await isRunning(id)
    process.signal(signal)
    await process.printed('worker draining')
    expect(await stateOf(id)).toBe('running')
    writeFileSync(file, '')
    expect(await process.ended).toMatchObject({ status: 0, stderr: '' })
    expect(process.lines().map((line) => line['msg'])).toContain('worker stopped')
    expect(await monitor().job(id)).toMatchObject({ state: 'succeeded', result: { output: 'seen' } })
    expect(await monitor().workers()).toEqual([])
  })

  test('a second signal puts what runs back, uncounted', async () => {
    const process = await worker()
    const id = await enqueue('signal.await')
    await isRunning(id)
    process.signal('SIGTERM')
    await process.printed('worker draining')
    expect(await stateOf(id)).toBe('running')
    process.signal('SIGTERM')
    expect(await process.ended).toMatchObject({ status: 0 })
    expect(await monitor().job(id)).toMatchObject({ state: 'ready', attemptsUsed: 0, crashes: 0 })
  })

  test('an escaped error is logged with the running jobs; status 1', async () => {
    const process = await worker()
    const id = await enqueue('error.escape')
    const end = await process.ended
    expect(end.status).toBe(1)
    const fatal = process.lines().find((line) => line['level'] === 60)
    expect(fatal).toMatchObject({ jobs: [id], err: { message: 'escaped from a timer' } })
    expect(await monitor().workers()).toEqual([])
  })

  test('a stop order from afar ends it', async () => {
    const process = await worker()
    const { createControl } = await import('@millrace/monitor')
    await createControl({ app: 'shop', broker: () => shop.app.broker() }).stop()
    expect(await process.ended).toMatchObject({ status: 0 })
  })

  test('quiet, unquiet, resize and stop wait until the workers have obeyed', async () => {
    const process = await worker()
    const [view] = await monitor().workers()
    const id = view?.id as string
    const order = async (...args: string[]) => {
      const end = await cli(...args, '--json', '--timeout', '30s')
      return [end.status, JSON.parse(end.stdout)]
    }
    expect(await order('quiet', '--all')).toMatchObject([0, { kind: 'quiet', acknowledged: [id] }])
    expect(await monitor().workers()).toMatchObject([{ state: 'quiet' }])
    expect(await order('unquiet', id)).toMatchObject([0, { acknowledged: [id], unknown: [] }])
    expect(await order('resize', '7', '--all')).toMatchObject([0, { acknowledged: [id] }])
    expect(await monitor().workers()).toMatchObject([{ state: 'running', concurrency: 7 }])
    const unknown = await cli('stop', 'nobody', '--timeout', '30s')
    expect(unknown).toMatchObject({
      status: 1,
      stdout: '',
      stderr: 'Worker nobody is unknown. See millrace workers.\n',
    })
    const stopped = await cli('stop', '--all', '--timeout', '30s')
    expect(stopped).toMatchObject({ status: 0, stdout: `${id} stops: what runs gets its grace\n` })
    expect(await process.ended).toMatchObject({ status: 0 })
  })

  test('a worker answers probes; a port that is taken is refused before it starts', async () => {
    const process = await worker('--health-port', '127.0.0.1:0')
    const port = process.lines().find((line) => line['msg'] === 'answering /healthz and /readyz')?.['port'] as number
    await until('to be ready', async () => (await fetch(`http://127.0.0.1:${port}/readyz`)).status === 200)
    const second = await cli('worker', '--health-port', `127.0.0.1:${port}`)
    expect(second.status).toBe(1)
    expect(second.stderr).toBe(
      `error: 127.0.0.1:${port} is taken: give another --health-port, or stop the process that listens there.\n`,
    )
    expect(await monitor().workers()).toHaveLength(1)
    await shop.redis.close()
    // A call that finds no Redis is given up after 10 s.
    const refused = async () => (await fetch(`http://127.0.0.1:${port}/readyz`)).status === 503
    await until('not to be ready', refused, 20_000)
    expect((await fetch(`http://127.0.0.1:${port}/healthz`)).status).toBe(200)
  })

  test('a signal ends a worker that still looks for its broker', async () => {
    const process = start('worker', '--broker', 'redis://127.0.0.1:1')
    await process.printed('worker starting')
    process.signal('SIGINT')
    expect(await process.ended).toMatchObject({ status: 0 })
  })

  test('a dispatcher on its own leads, and gives its term back', async () => {
    const process = start('dispatcher')
    await process.printed('leading')
    expect(await monitor().leader()).toMatchObject({ pid: process.pid, endedAt: null })
    process.signal('SIGTERM')
    expect(await process.ended).toMatchObject({ status: 0 })
    expect((await monitor().leader())?.endedAt).toEqual(expect.any(Number))
  })

  test('the dashboard is served until it is stopped; a port that is taken is refused', async () => {
    const process = start('dashboard', '--port', '0')
    await process.printed('Dashboard of app shop: http://127.0.0.1:')
    const url = /http:\S+/.exec(process.stdout)?.[0] as string
    await cli('enqueue', 'math.add', '{"x":2,"y":3}')
    const answer = await fetch(`${url}api/v1/queues`)
    expect(await answer.json()).toMatchObject({ queues: [{ queue: 'default', ready: 1 }] })
    const second = await cli('dashboard', '--port', new URL(url).port)
    expect(second).toMatchObject({ status: 1, stdout: '' })
    expect(second.stderr).toMatch(/^error: 127\.0\.0\.1:\d+ is taken: give another --port/)
    const open = await cli('dashboard', '--host', '0.0.0.0', '--port', '0')
    expect(open).toMatchObject({ status: 2, stdout: '' })
    expect(open.stderr).toMatch(/MILLRACE_DASHBOARD_USERS/)
    process.signal('SIGINT')
    expect(await process.ended).toMatchObject({ status: 0, stderr: '' })
  })

  test('--no-dispatcher carries no candidate', async () => {
    const process = await worker('--no-dispatcher')
    await cli('enqueue', 'math.add', '{"x":2,"y":3}', '--wait', '--timeout', '30s')
    expect(await monitor().leader()).toBeNull()
    process.signal('SIGTERM')
    expect(await process.ended).toMatchObject({ status: 0 })
  })

  test('Ctrl-C ends a command that waits', async () => {
    const process = start('enqueue', 'math.add', '{"x":2,"y":3}', '--wait')
    await until('the job', async () => (await monitor().queues())[0]?.ready === 1)
    process.signal('SIGINT')
    expect((await process.ended).status).toBeNull()
  })
})
