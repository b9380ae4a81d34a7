/**
 * Adds up vitest's JSON reports and prints `passed failed skipped`. A file that failed without a failed test in it (it
 * could not be loaded, a hook threw) counts as one failure. Missing reports count as nothing.
 *
 * usage: node scripts/count-tests.mjs REPORT.json…
 */
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

export function countTests(reports) {
  const sum = { passed: 0, failed: 0, skipped: 0 }
  for (const report of reports) {
    sum.passed += report.numPassedTests
    sum.failed += report.numFailedTests
    sum.skipped += report.numPendingTests + report.numTodoTests
    for (const file of report.testResults) {
      const failedTest = file.assertionResults.some((test) => test.status === 'failed')
      if (file.status === 'failed' && !failedTest) sum.failed++
    }
  }
  return sum
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const files = process.argv.slice(2).filter((file) => existsSync(file))
  const { passed, failed, skipped } = countTests(files.map((file) => JSON.parse(readFileSync(file, 'utf8'))))
  console.log(`${passed} ${failed} ${skipped}`)
}
