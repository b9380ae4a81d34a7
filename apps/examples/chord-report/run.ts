import { group } from 'millrace'
import { app, archive, monthReport, regionTotal } from './tasks.ts'

const month = '2030-01'
// #region chord
const regions = ['north', 'south', 'east']
const flow = group(regions.map((region) => regionTotal.with({ region, month })))
  .pipe(monthReport, { month })
  .pipe(archive)
const job = await flow.enqueue()
// #endregion
console.log(await job.result({ timeout: '10s' }))
await app.close()
