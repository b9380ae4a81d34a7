import { expect } from 'vitest'
import { findEnqueued, type TaskOf, wantedText } from './expectation.js'
import { TestApp, type Wanted } from './test-app.js'

declare module 'vitest' {
  interface Matchers<R extends void | Promise<void> = void | Promise<void>, T = unknown> {
    /**
     * Of `testApp(app)`: a job of the task was enqueued, its input having at least what `input` has; with `times` just so many.
     * Matchers such as `expect.any(String)` may stand in `input`.
     */
    toHaveEnqueued<Input>(task: TaskOf<Input>, input?: Wanted<NoInfer<Input>>, options?: { readonly times?: number }): R
  }
}

expect.extend({
  toHaveEnqueued(received: unknown, ...expected: unknown[]) {
    const [task, input, options] = expected as [TaskOf<unknown>, unknown, { readonly times?: number } | undefined]
    if (!(received instanceof TestApp)) {
      return { pass: false, message: () => 'toHaveEnqueued is for expect(t), where t is testApp(app)' }
    }
    const found = findEnqueued(received.enqueued(), { task, input, hasInput: input !== undefined })
    const times = options?.times
    const pass = times === undefined ? found.matching.length > 0 : found.matching.length === times
    return { pass, message: () => wantedText(found, { task, input, times, not: pass }) }
  },
})
