import { expect, it } from 'vitest'
import { runExample } from '../runner/run-example.ts'

it('pictures are shrunk in parallel and published together; what is none fails at once', async () => {
  expect(await runExample('thumbnails')).toEqual([
    'published 200×150 100×75 50×38',
    'failed this is no PNG after 1 attempt',
  ])
}, 60_000)
