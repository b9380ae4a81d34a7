// Preloaded into a process that is to die at a named point (packages/core/src/crash-point): MILLRACE_TEST_CRASH_AT='point'.
const wanted = process.env.MILLRACE_TEST_CRASH_AT
globalThis[Symbol.for('millrace.crash-point')] = (point) => {
  if (point === wanted) process.kill(process.pid, 'SIGKILL')
}
