import { app, archive, monthReport, regionTotal } from './tasks.ts'

const SALES: Record<string, number[]> = { north: [10, 20], south: [5], east: [1, 2, 3] }

regionTotal.handle(({ region }) => ({ region, total: (SALES[region] ?? []).reduce((sum, sale) => sum + sale, 0) }))

monthReport.handle(({ month, results }) => ({
  text: `${month}: ${results.map(({ region, total }) => `${region} ${total}`).join(', ')}`,
}))

archive.handle(({ text }) => `archived "${text}"`)

export { app }
