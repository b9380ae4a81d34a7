import { createApp } from 'millrace'
import { createWorker } from 'millrace/worker'
import { openRedisBroker } from '@millrace/broker-redis'
import { z } from 'zod'
import { startRedisServer } from '@millrace/embedded'
import { fork } from 'node:child_process'
if (process.argv[2] === 'worker') {
  const app = createApp({ name: 'bench', broker: process.argv[3], logger: undefined })
  app.task('math.add', { input: z.object({ x: z.number(), y: z.number() }), output: z.number() }, ({ x, y }) => { process.send(performance.timeOrigin + performance.now()); return x + y })
  const w = createWorker(app); await w.start(); process.send('up')
} else {
  const s = await startRedisServer()
  const c = fork(new URL(import.meta.url).pathname, ['worker', s.url], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  let last; let up; const isUp = new Promise(r => up = r)
  c.on('message', m => { if (m === 'up') up(); else last = m })
  await isUp
  const app = createApp({ name: 'bench', broker: s.url })
  const add = app.define('math.add', { input: z.object({ x: z.number(), y: z.number() }), output: z.number() })
  const lat = [], res = [], enq = []
  for (let i = 0; i < 2000; i++) {
    last = undefined
    const a = performance.timeOrigin + performance.now(); const j = await add.enqueue({ x: i, y: 1 }); const e = performance.timeOrigin + performance.now(); await j.result({ timeout: '5s' }); const b = performance.timeOrigin + performance.now()
    while (last === undefined) await new Promise(r => setTimeout(r, 1))
    if (i > 200) { lat.push(last - a); res.push(b - a); enq.push(e - a) }
    await new Promise(r => setTimeout(r, 2))
  }
  for (const [n, l] of Object.entries({ enq, lat, res })) { l.sort((x, y) => x - y); console.log(n, 'p50', l[l.length >> 1].toFixed(3), 'p99', l[Math.floor(l.length * .99)].toFixed(3)) }
  c.kill('SIGTERM'); await app.close(); await new Promise(r => c.on('exit', r)); await s.close()
}
