import { expect, it } from 'vitest'
import { runExample } from '../runner/run-example.ts'

it('a report is written once, when all regions are in', async () => {
  expect(await runExample('chord-report')).toEqual(['archived "2030-01: north 30, south 5, east 6"'])
}, 60_000)
