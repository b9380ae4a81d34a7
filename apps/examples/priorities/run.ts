import { app, send } from './tasks.ts'

// A queue is known from its first job on. Held back then, so that all the others wait when the first of them is taken.
const first = await send.enqueue({ to: 'a' })
console.log('first', await first.result({ timeout: '10s' }))
await app.control.pause('push')
// #region priorities
const newsletter = await send.enqueueMany([{ to: 'a' }, { to: 'b' }], { priority: -10 })
const ordinary = await send.enqueueMany([{ to: 'c' }, { to: 'd' }])
const alarm = await send.enqueue({ to: 'e' }, { priority: 50 })
// #endregion
await app.control.resume('push')

const turns = async (jobs: typeof ordinary) => Promise.all(jobs.map((job) => job.result({ timeout: '10s' })))
console.log('alarm', ...(await turns([alarm])))
console.log('ordinary', ...(await turns(ordinary)))
console.log('newsletter', ...(await turns(newsletter)))
await app.close()
