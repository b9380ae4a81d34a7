import { expect, test } from 'vitest'
import { CrashDrill } from './crash-drill.js'

function drill(documents: number, late = 0) {
  const said: string[] = []
  const kills: number[] = []
  const pool = { kill: () => ({ killed: kills.push(100 + kills.length) && 100, fresh: Promise.resolve(200) }) }
  return { said, kills, crash: new CrashDrill({ pool, documents, late, say: (line) => said.push(line) }) }
}

test('kills one worker when 40 % are done, and tells what came back', async () => {
  const { said, kills, crash } = drill(100)
  crash.watch({ done: 39, crashed: 0 }, 1_000)
  expect(kills).toHaveLength(0)
  crash.watch({ done: 41, crashed: 0 }, 2_000)
  crash.watch({ done: 60, crashed: 0 }, 3_000)
  crash.watch({ done: 90, crashed: 8 }, 4_500)
  await Promise.resolve()
  expect(kills).toHaveLength(1)
  expect(crash.result()).toEqual({ killed: 100, atPercent: 41, recovered: 8, afterSeconds: 2.5 })
  expect(said[0]).toContain('worker 100 was killed with SIGKILL at 41 %')
  expect(said[1]).toContain('8 jobs that it held went back to the queue, 2.5 s after')
  expect(said.join('\n')).toContain('worker 200 was started in its place')
})

test('kills nobody once all is done', () => {
  const { kills, crash } = drill(10)
  crash.watch({ done: 10, crashed: 0 })
  expect(kills).toHaveLength(0)
  expect(crash.result()).toEqual({ killed: null, atPercent: 0, recovered: 0, afterSeconds: null })
})

test('finds a moment among few documents, most of which fail at first', () => {
  const { kills, crash } = drill(4, 3)
  crash.watch({ done: 1, crashed: 0 })
  expect(kills).toHaveLength(1)
})
