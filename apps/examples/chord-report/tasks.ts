import { createApp } from 'millrace'
import { z } from 'zod'

export const app = createApp({ name: 'example-chord-report' })

export const regionTotal = app.define('report.region-total', {
  input: z.object({ region: z.string(), month: z.string() }),
  output: z.object({ region: z.string(), total: z.number() }),
})

/** Runs once, when all regions are in. */
export const monthReport = app.define('report.month', {
  input: z.object({ month: z.string(), results: z.array(z.object({ region: z.string(), total: z.number() })) }),
  output: z.object({ text: z.string() }),
})

export const archive = app.define('report.archive', { input: z.object({ text: z.string() }), output: z.string() })
