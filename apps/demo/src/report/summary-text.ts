import type { Summary } from './summary.js'

/** The end of a run, for people. */
export function summaryText(summary: Summary): string[] {
  const { documents, failures, crash } = summary
  const lines = ['', `"${summary.query}" is best answered by`]
  for (const [at, hit] of summary.hits.entries()) {
    const copies = hit.copies === 0 ? '' : `  (and ${amount(hit.copies, 'more document')} of the same text)`
    lines.push(`  ${at + 1}. ${hit.score.toFixed(3)}  ${hit.doc}${copies}`, `            ${hit.snippet}`)
  }
  if (summary.hits.length === 0) lines.push('  no document: none has any of these words')

  lines.push(
    '',
    `jobs       ${count(summary.jobs)} in ${count(summary.attempts)} attempts, ${amount(summary.retries, 'retry', 'retries')}`,
  )
  lines.push(
    `documents  ${count(documents.indexed)} indexed of ${count(documents.found)}${skippedText(documents.skipped)}`,
  )
  lines.push(`failures   ${amount(failures.length, 'job')} failed for good, as the policy of "demo.check" says`)
  for (const { doc, reason, attempts } of failures)
    lines.push(`             ${doc}: ${reason} (${amount(attempts, 'attempt')})`)
  lines.push(`crash      ${crashText(summary)}`)
  lines.push(
    `speed      ${summary.seconds.toFixed(1)} s, ${count(summary.jobsPerSecond.mean)} jobs/s${crash.recovered === 0 ? '' : " with the wait for the dead worker's lease"}, ${count(summary.jobsPerSecond.best)} jobs/s at best`,
  )
  lines.push(
    `index      ${count(summary.words)} words of ${(summary.bytes / 1e6).toFixed(1)} MB of text, in ${summary.index}`,
  )
  lines.push(
    summary.equal
      ? `equal      to the index made without the queue, crash or no crash: sha256 ${summary.checksum}`
      : `NOT EQUAL  to the index made without the queue (was a document changed meanwhile?): ${summary.difference}`,
  )
  if (crash.killed === null)
    lines.push('', 'The run was over before a worker could be killed: give it a larger folder.')
  return lines
}

function crashText({ crash }: Summary): string {
  if (crash.killed === null) return 'no worker was killed'
  const killed = `worker ${crash.killed} was killed at ${crash.atPercent} %`
  if (crash.recovered === 0) return `${killed}; it held no job at that moment`
  const after = crash.afterSeconds === null ? '' : ` after ${crash.afterSeconds.toFixed(1)} s`
  return `${killed}; ${amount(crash.recovered, 'job')} that it held ran again elsewhere${after}`
}

function skippedText(skipped: Readonly<Record<string, number>>): string {
  const reasons = Object.entries(skipped).map(([reason, times]) => `${count(times)} ${reason}`)
  return reasons.length === 0 ? '' : `, skipped: ${reasons.join(', ')}`
}

/** `1 job`, `1,234 jobs`. */
export function amount(number: number, one: string, many = `${one}s`): string {
  return `${count(number)} ${number === 1 ? one : many}`
}

export function count(number: number): string {
  return Math.round(number).toLocaleString('en-US')
}
