import { createApp } from 'millrace'
import { z } from 'zod'
import { screenLogger } from './report/screen-logger.js'

/** The contracts only: whoever enqueues imports this, and no handler comes along. */
export const app = createApp({ name: 'demo', logger: screenLogger() })

export const QUEUES = { steps: 'steps', documents: 'documents', hostile: 'hostile' } as const

/** Attempts of `index`; the last one settles for what it finds. */
export const INDEX_ATTEMPTS = 6

const Document = z.object({ doc: z.string(), file: z.string() })

const Indexed = z.object({
  outcome: z.literal('indexed'),
  doc: z.string(),
  /** Where its partial index is: the job's result is a claim check, not the index itself. */
  partial: z.string(),
  words: z.number(),
  bytes: z.number(),
})
const Skipped = z.object({ outcome: z.literal('skipped'), doc: z.string(), reason: z.string() })
/** How many executions the job took: attempts, and crashes of workers that held it. */
const Executions = { attempts: z.number(), crashes: z.number() }

export const IndexResult = z.discriminatedUnion('outcome', [Indexed.extend(Executions), Skipped.extend(Executions)])
export type IndexResult = z.output<typeof IndexResult>

/** Lists a folder's documents into a file. */
export const scan = app.define('demo.scan', {
  queue: QUEUES.steps,
  input: z.object({ folder: z.string(), manifest: z.string() }),
  output: z.object({ manifest: z.string(), documents: z.number(), closedFolders: z.number() }),
  timeout: '60s',
})

/**
 * Indexes one document; a member of the chord. A chord's body runs when all members have succeeded, and one document
 * that nobody can read must not cost the index of all others: so what cannot be read is a result here, `skipped`, once
 * the policy's attempts have not helped. `check` is the task that fails.
 */
export const index = app.define('demo.index', {
  queue: QUEUES.documents,
  input: Document.extend({ parts: z.string(), paceMs: z.number() }),
  output: IndexResult,
  // The chord keeps what it needs; nobody asks for one document's result.
  results: false,
  retry: { attempts: INDEX_ATTEMPTS, backoff: { kind: 'exponential', initial: '100ms', max: '2s', jitter: 'none' } },
  timeout: '20s',
})

/** The chord's body: joins the partial indexes into the one file. */
export const merge = app.define('demo.merge', {
  queue: QUEUES.steps,
  input: z.object({ target: z.string(), results: z.array(IndexResult) }),
  output: z.object({
    target: z.string(),
    checksum: z.string(),
    documents: z.number(),
    words: z.number(),
    bytes: z.number(),
    skipped: z.record(z.string(), z.number()),
    attempts: z.number(),
    retried: z.number(),
    recovered: z.number(),
  }),
  timeout: '120s',
})

/** Reads a document that is known to be difficult, beside the chord. Fails for good: at once, or when attempts are used up. */
export const check = app.define('demo.check', {
  queue: QUEUES.hostile,
  input: Document,
  output: z.object({ doc: z.string(), bytes: z.number() }),
  retry: { attempts: 3, backoff: { kind: 'fixed', delay: '150ms' } },
  timeout: '20s',
})
