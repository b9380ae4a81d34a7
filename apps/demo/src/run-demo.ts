import { readFile, rename } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { openDevRedis } from '@millrace/embedded'
import { chord, group, type JobHandle } from 'millrace'
import { createDispatcher } from 'millrace/worker'
import type { DemoOptions } from './arguments.js'
import type { Closers } from './closers.js'
import { type DifficultDocuments, makeDifficultDocuments } from './corpus/difficult-documents.js'
import type { DocumentRef } from './corpus/document-ref.js'
import { CrashDrill } from './crash-drill.js'
import { type DemoHome, openDemoHome } from './home/demo-home.js'
import { paceOf } from './pace-of.js'
import { clearQueues, purgeQueues } from './processes/clear-queues.js'
import { openTotals, type RunTotals } from './processes/queue-totals.js'
import { refuseSecondDemo } from './processes/refuse-second-demo.js'
import { RUN_HEADER } from './processes/run-header.js'
import { WorkerPool } from './processes/worker-pool.js'
import { failedJobs } from './report/failed-jobs.js'
import { PaceMeter } from './report/pace-meter.js'
import type { Screen } from './report/screen.js'
import type { Summary } from './report/summary.js'
import { amount, count } from './report/summary-text.js'
import { app, check, index, merge, scan } from './tasks.js'
import { verify } from './verify.js'

/** How often the broker is asked how far the run is, ms. */
const POLL_MS = 20
/** No run takes this long unless something is broken. */
const PATIENCE = '5m'

export interface DemoRun {
  readonly options: DemoOptions & { readonly folder: string; readonly home: string }
  readonly screen: Screen
  readonly closers: Closers
}

/** Runs the demo from an empty queue to the verified index. What it opens is left to `closers`. */
export async function runDemo({ options, screen, closers }: DemoRun): Promise<Summary> {
  const home = await openDemoHome(options.home)
  if (!options.keep) closers.add(() => home.remove())
  const redis = await openDevRedis({ dataDir: home.redis })
  closers.add(() => redis.close())
  // For the workers, and for the app of this process, which reads it at its first call.
  process.env.MILLRACE_BROKER = redis.url
  screen.say(redis.describe)
  closers.add(() => app.close())
  await refuseSecondDemo()
  // In this process, which is not the one that gets killed: whoever has the dispatcher takes its lock along for a while.
  const dispatcher = createDispatcher(app)
  closers.add(() => dispatcher.stop())
  await dispatcher.start()
  const pool = new WorkerPool({
    run: home.run,
    size: options.workers,
    onDeath: ({ pid, how }) => screen.say(`✗ worker ${pid} ended with ${how}, unasked: another one is started`),
  })
  closers.add(() => pool.close())
  const pids = await pool.start()
  screen.say(`${amount(pids.length, 'worker process', 'worker processes')} apart from this one: ${pids.join(', ')}`)
  const cleared = await clearQueues((held) => {
    screen.say(
      `${amount(held, 'job')} of an earlier run still held by dead workers: waiting until locks and leases have ended`,
    )
  })
  if (cleared > 0) screen.say(`${amount(cleared, 'job')} of an earlier run removed`)
  closers.add(() => purgeQueues())

  const difficult = await makeDifficultDocuments(`${home.folder}/difficult`)
  const totals = await openTotals()
  const run = { options, screen, home, redis: redis.kind, difficult, pool, totals }
  return Promise.race([work(run), pool.broken])
}

interface Prepared {
  readonly options: DemoRun['options']
  readonly screen: Screen
  readonly home: DemoHome
  readonly redis: string
  readonly difficult: DifficultDocuments
  readonly pool: WorkerPool
  readonly totals: () => Promise<RunTotals>
}

async function work(run: Prepared): Promise<Summary> {
  const { options, screen, home, difficult, pool } = run
  const headers = { [RUN_HEADER]: home.run }
  const scanned = await (await scan.enqueue({ folder: options.folder, manifest: home.manifest }, { headers })).result({
    timeout: PATIENCE,
  })
  if (scanned.documents === 0)
    throw new Error(`there is no document (Markdown, plain text, a license) in ${options.folder}`)
  const found = JSON.parse(await readFile(scanned.manifest, 'utf8')) as DocumentRef[]
  // The late ones first, so that their retries are over when the others are.
  const documents = [...difficult.late, ...found]
  screen.say(
    `scan: ${count(found.length)} documents in ${options.folder}; ${difficult.late.length} that fail at first and ${difficult.hostile.length} that fail for good come on top`,
  )
  const paceMs = paceOf(documents.length, options.workers)
  if (paceMs > 0)
    screen.say(
      `few documents: each is held up for ${paceMs} ms, so that there is a middle in which a worker can be killed`,
    )

  const startedAt = performance.now()
  const [checks, merged] = await Promise.all([
    group(difficult.hostile.map((document) => check.with(document))).enqueue({ headers }),
    chord(
      group(documents.map((document) => index.with({ ...document, parts: home.parts, paceMs }))),
      merge.with({ target: `${home.folder}/index.json` }),
    ).enqueue({ headers }),
  ])
  const drill = new CrashDrill({
    pool,
    documents: documents.length,
    late: difficult.late.length,
    say: (line) => screen.say(line),
  })
  const meter = new PaceMeter()
  const result = await followed(merged, run, { drill, meter, documents: documents.length })
  const failures = await failedJobs(checks.jobs, difficult.hostile)
  const seconds = (performance.now() - startedAt) / 1_000
  const { documents: indexing, hostile, steps } = await run.totals()

  const verdict = await verify({ queued: result.target, documents, query: options.query, screen })
  await rename(result.target, home.lastIndex)
  return {
    ...verdict,
    folder: options.folder,
    documents: { found: documents.length, indexed: result.documents, skipped: result.skipped },
    words: result.words,
    bytes: result.bytes,
    // Beside the documents: the scan and the merge.
    jobs: documents.length + checks.jobs.length + 2,
    attempts: result.attempts + failures.attempts + steps.retried + 2,
    retries: indexing.retried + hostile.retried + steps.retried,
    failures: failures.failed,
    crash: { ...drill.result(), recovered: result.recovered },
    seconds,
    jobsPerSecond: { mean: documents.length / seconds, best: meter.best },
    redis: run.redis,
    index: home.lastIndex,
    query: options.query,
  }
}

interface Following {
  readonly drill: CrashDrill
  readonly meter: PaceMeter
  readonly documents: number
}

/** Waits for the merge, shows how far it is, and lets happen what is to happen on the way. */
async function followed<Output>(
  merged: JobHandle<Output>,
  run: Prepared,
  { drill, meter, documents }: Following,
): Promise<Output> {
  const { screen, pool, difficult, totals } = run
  const over = new AbortController()
  const result = merged.result({ timeout: PATIENCE }).finally(() => over.abort())
  // It is awaited below; until then a rejection is nobody's surprise.
  result.catch(() => {})
  try {
    while (!over.signal.aborted) {
      const now = await totals()
      const done = now.documents.succeeded
      const rate = meter.add(done)
      drill.watch({ done, crashed: now.documents.crashed })
      if (now.documents.retried >= difficult.late.length) await difficult.finishLate()
      const retries = now.documents.retried + now.hostile.retried
      const state = [
        done < documents ? `${count(done)} / ${count(documents)} documents` : `${count(done)} documents, merging`,
        `${count(rate)} jobs/s`,
        amount(retries, 'retry', 'retries'),
        amount(now.hostile.failed, 'failure'),
        amount(pool.alive, 'worker'),
      ]
      screen.live(state.join(' · '))
      await sleep(POLL_MS, undefined, { signal: over.signal }).catch(() => {})
    }
  } finally {
    screen.rest()
  }
  return result
}
