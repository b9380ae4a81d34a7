import type { JobHandle } from 'millrace'
import type { DocumentRef } from '../corpus/document-ref.js'
import type { FailedJob } from './summary.js'

/** Waits for the jobs beside the chord: those that failed for good, and the attempts that all of them took. */
export async function failedJobs(
  jobs: readonly JobHandle[],
  documents: readonly DocumentRef[],
): Promise<{ readonly failed: readonly FailedJob[]; readonly attempts: number }> {
  const outcomes = await Promise.all(jobs.map((job) => job.outcome({ timeout: '60s' })))
  const failed: FailedJob[] = []
  let attempts = 0
  for (const [at, outcome] of outcomes.entries()) {
    const { doc = '' } = documents[at] ?? {}
    if (outcome.state === 'unknown') throw outcome.error
    attempts += outcome.state === 'failed' ? outcome.error.attempts : 1
    if (outcome.state === 'failed')
      failed.push({ doc, reason: outcome.error.message, attempts: outcome.error.attempts })
  }
  return { failed, attempts }
}
