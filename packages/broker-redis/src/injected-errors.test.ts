import type { RedisServer } from '@millrace/embedded'
import { startRedisServer } from '@millrace/embedded'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { failNext, hasFailed, instrumentScripts } from '../test/instrumented-scripts.js'
import { auditLane } from '../test/lane-audit.js'
import type { ScriptScene } from '../test/scene-stage.js'
import { HERE, THERE } from '../test/scene-stage.js'
import { SCENES } from '../test/script-scenes.js'
import { openRedisBroker } from './redis-broker.js'

const keyspace = { prefix: 'millrace', app: 'scene' }

let server: RedisServer
let raw: Redis

beforeAll(async () => {
  instrumentScripts()
  server = await startRedisServer()
  raw = new Redis(server.url)
})
afterAll(async () => {
  raw.disconnect()
  await server.close()
})

/** Where each job is, as far as it matters: a job that could not be made ready at once may wait in `due` instead. */
async function read(): Promise<{ state: Record<string, string>; findings: readonly string[] }> {
  const both = [await auditLane(raw, keyspace, HERE), await auditLane(raw, keyspace, THERE)]
  const rows = both.flatMap(({ jobs, places }) =>
    [...jobs.keys()].map(
      (id) => [id, (places.get(id) ?? ['nowhere']).map((at) => at.replace(/:.*/, '')).join('+')] as const,
    ),
  )
  return { state: Object.fromEntries(rows), findings: both.flatMap(({ findings }) => findings) }
}

/** Plays a scene in which the script's k-th call fails; undefined when it has no k-th call. */
async function play(scene: ScriptScene, k: number) {
  await raw.flushall()
  const broker = openRedisBroker({ app: keyspace.app, url: server.url })
  try {
    const call = await scene.prepare({ broker, raw })
    if (k > 0) await failNext(raw, scene.script, k)
    const error = await call().then(
      () => undefined,
      (problem: unknown) => problem,
    )
    if (k > 0 && !(await hasFailed(raw))) return undefined
    const half = await read()
    if (k > 0) await call()
    return { error, half, whole: await read(), missing: (await scene.missing?.({ broker, raw })) ?? [] }
  } finally {
    await broker.close()
  }
}

type Played = NonNullable<Awaited<ReturnType<typeof play>>>

/** What is wrong with a play, next to where its jobs would be had nothing failed. */
function faultsOf(
  scene: ScriptScene,
  { error, half, whole, missing }: Played,
  expected: Readonly<Record<string, string>>,
): string[] {
  const faults = String(error).includes('INJECTED') ? [] : ['the error did not reach the caller']
  for (const finding of half.findings) if (!scene.half?.test(finding)) faults.push(`before the repeat, ${finding}`)
  for (const finding of whole.findings) if (!scene.left?.test(finding)) faults.push(`after the repeat, ${finding}`)
  for (const what of missing) faults.push(`after the repeat, ${what}`)
  for (const [id, place] of Object.entries(expected)) {
    const found = whole.state[id]
    const delayed = found === 'due' && /ready|urgent|background|suspects|solo|seat/.test(place)
    if (found !== place && !delayed) faults.push(`${id} is in ${found}, not in ${place}`)
  }
  for (const id of Object.keys(whole.state)) if (expected[id] === undefined) faults.push(`${id} should have ended`)
  return faults
}

describe('an error at any call of any script, then a repeat,', () => {
  it.each(SCENES.map((scene) => [`${scene.script}: ${scene.what}`, scene] as const))(
    'loses nothing: %s',
    { timeout: 60_000 },
    async (_, scene) => {
      const reference = await play(scene, 0)
      expect(reference?.error).toBeUndefined()
      expect(reference?.half.findings).toEqual([])
      expect(reference?.missing).toEqual([])
      const problems: string[] = []
      let k = 1
      for (; ; k++) {
        const played = await play(scene, k)
        if (played === undefined) break
        problems.push(
          ...faultsOf(scene, played, reference?.half.state ?? {}).map(
            (what) => `call ${k}, ${String(played.error)}: ${what}`,
          ),
        )
      }
      expect(problems).toEqual([])
      expect(k).toBeGreaterThan(1)
    },
  )
})
